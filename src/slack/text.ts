/*
 * Text on its way into and out of Slack (docs.slack.dev, "Formatting message text"): what people wrote never becomes a
 * mention, a link or a call to a whole channel.
 */

/** Makes a person's words harmless in mrkdwn: `<!channel>` is shown, and rings nobody. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The same for a setting's value, of which a channel or person of Slack at its end stays one: `Digests: <#C0TEAM>`. */
export const escapeWords = (text: string): string =>
  escapeMarkup(text).replace(/(^|: )&lt;([#@][A-Z0-9]{2,40})&gt;$/, '$1<$2>');

/** What somebody typed, from how Slack hands it over: entities resolved, `<tel:…|070 …>` and other links as shown. */
export function typedWords(sent: string): string {
  const bare = sent.replace(
    /<(?:(?:tel|mailto):)?([^<>|]*)(?:\|([^<>]*))?>/g,
    (_all, target: string, label?: string) => (label === undefined || label === '' ? target : withMark(target, label)),
  );
  return bare.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** `@sofia` and `#drives` keep their mark; of a link only the words on it count. */
function withMark(target: string, label: string): string {
  if (/^@[UW][A-Z0-9]+$/.test(target)) return `@${label}`;
  if (/^#[CG][A-Z0-9]+$/.test(target)) return `#${label}`;
  return label;
}

/** Cuts a text to `max` characters, with a sign that there was more. Never parts a surrogate pair. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** The word that was probably meant: at most two slips of the finger away. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const near = known
    .map((candidate) => ({ candidate, slips: distance(word.toLowerCase(), candidate) }))
    .filter(({ candidate, slips }) => slips <= Math.min(2, Math.floor(candidate.length / 2)))
    .sort((a, b) => a.slips - b.slips);
  return near[0]?.candidate;
}

/** Letters to insert, delete, replace or swap (optimal string alignment distance). */
function distance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= from.length; row++) {
    const line = [row];
    rows.push(line);
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      line.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (same ? 0 : 1),
          swapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(from.length, to.length);
}
