/** Of the first and the second of two series. */
export const seriesColours = ["#2563eb", "#ea580c"] as const;

/** Of what is right and what is wrong. */
export const rightColour = "#2563eb";
export const wrongColour = "#dc2626";

/** Of what is drawn for comparison. */
export const quietColour = "#94a3b8";
