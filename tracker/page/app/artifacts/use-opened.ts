import { useEffect, useRef, useState } from "preact/hooks";

/** Whether the `details` around an element has ever been open. */
export function useOpened(
  atFirst: boolean,
): readonly [boolean, { readonly current: HTMLElement | null }] {
  const ref = useRef<HTMLElement>(null);
  const [isOpen, setOpen] = useState(atFirst);
  useEffect(() => {
    const details = ref.current?.closest("details");
    if (!details || isOpen) return;
    const onToggle = () => setOpen(true);
    details.addEventListener("toggle", onToggle, { once: true });
    return () => details.removeEventListener("toggle", onToggle);
  }, [isOpen]);
  return [isOpen, ref];
}
