/** Deeper than anybody honestly nests; whatever walks a value by calling itself still has room. */
const MAX_DEPTH = 64;

const [QUOTE, ESCAPE] = ['"', '\\'];

/**
 * `JSON.parse` for what strangers send. Throws a `SyntaxError` for what is no JSON, and for what nests so deep that writing it
 * down again would be an error of ours (`JSON.stringify` calls itself for each level).
 */
export function parseForeign(text: string): unknown {
  if (nestsTooDeep(text)) throw new SyntaxError('nested too deep');
  return JSON.parse(text);
}

/** Whether a JSON text opens more than 64 lists and objects inside each other. Pure; anything that is no JSON may be asked. */
export function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (quoted && sign === ESCAPE) at++;
    else if (sign === QUOTE) quoted = !quoted;
    else if (quoted) continue;
    else if (sign === '[' || sign === '{') depth++;
    else if (sign === ']' || sign === '}') depth--;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
