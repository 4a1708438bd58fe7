import { badRequest } from "../protocols/bad-request.ts";

/** What a form brings: its one file, and its fields by their names. */
export interface FormQuestion {
  readonly image: Uint8Array;
  readonly fields: Readonly<Record<string, string>>;
}

/** Most parts of a form: a file, and what may be said of it. */
const maxParts = 4;

/**
 * Reads `multipart/form-data` with exactly one file, whatever its field is called; Node's own parser
 * does it.
 * @throws {HttpError} 400 if it is no such form
 */
export async function formQuestion(body: Buffer, contentType: string): Promise<FormQuestion> {
  checkParts(body, contentType);
  const form = await new Response(new Uint8Array(body), {
    headers: { "content-type": contentType },
  })
    .formData()
    .catch(() => {
      throw badRequest("the body is no form; expected multipart/form-data with one file");
    });
  const entries = [...form.entries()];
  const files = entries.flatMap(([, value]) => (typeof value === "string" ? [] : [value]));
  const [file] = files;
  if (!file || files.length > 1) {
    throw badRequest(`the form has ${files.length} files; expected one, a PNG or JPEG`);
  }
  const fields = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return { image: await file.bytes(), fields: Object.fromEntries(fields) };
}

/** Nothing but a boundary, and perhaps a charset: the parser must not find another one than we do. */
const formType =
  /^multipart\/form-data;\s*(?:charset=[\w-]+;\s*)?boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))$/i;

/** Counts the parts before they are parsed, as there may be many that are small. */
function checkParts(body: Buffer, contentType: string): void {
  const [, quoted, plain] = formType.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw badRequest("the form's content type names no boundary");
  let parts = -1;
  for (let at = -1; (at = body.indexOf(`--${boundary}`, at + 1)) >= 0;) {
    parts += 1;
    if (parts > maxParts) {
      throw badRequest(
        `the form has more than ${maxParts} parts; expected one file and what is said of it`,
      );
    }
  }
}
