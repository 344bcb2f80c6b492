/** Longest text whose lines are looked at; what lies beyond is quoted history. */
const LONGEST = 8_000;

// "Liked “…”" as iPhones and Androids render a reaction when the other side cannot show one
const TAPBACK_VERBS = [
  'liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted .{1,8} to',
  'removed an? .{1,24} from',
  'gillade|gillar|älskade|älskar|ogillade|skrattade åt|betonade|ifrågasatte|reagerade .{1,8} på',
  'a \\S{1,30} le (?:gustó|encantó)|le gustó|le gusta|le encantó|le encanta|no le gustó|se rió de|se ha reído de|enfatizó|cuestionó|reaccionó .{1,8} a',
  'gefällt|gefällt mir|liebt|mag nicht|lacht über|hervorgehoben|betont|hat .{1,8} auf|reagierte .{1,8} auf',
  'a aimé|a adoré|gostou de|adorou|likte|elsket|synes godt om',
].join('|');
const QUOTE = '["“”„«»‘’\']';
const TAPBACK = new RegExp(
  `^\\s*(?:${TAPBACK_VERBS})\\s*:?\\s*(?:${QUOTE}|an? (?:image|photo|message|attachment)\\b)`,
  'iu',
);
const PICTURE_TAPBACK = new RegExp(`^\\s*\\p{Extended_Pictographic}\\S{0,4}\\s*(?:to|på|a|auf|à)\\s*${QUOTE}`, 'iu');
const TRAILING_TAPBACK = /^\s*(?:hat\s*)?[“„"«].*[”“"»]\s*(?:पसंद|को पसंद|mit .{1,24} markiert|gemocht|geliebt)/isu;

// the line a mail program puts above the message it quotes
const ATTRIBUTION =
  /^(?:on|am|den|el|le|em|il|på|op)\s.{4,160}(?:wrote|schrieb|skrev|escribió|a écrit|escreveu|ha scritto)\b.{0,80}:?\s*$/iu;
// the same when the line was wrapped or its breaks were lost: it holds a number and ends in a colon
const INLINE_ATTRIBUTION =
  /(?:^|\s)(?:on|am|den|el|le|em)\s(?=[^\n]{0,40}\d)[^>]{4,160}?>?\s*(?:wrote|schrieb|skrev|escribió|a écrit)[^\n:]{0,60}:/iu;
const QUOTED_LINE = /^\s*(?:[>|❯]|&gt;)/u;
const HINDI_ATTRIBUTION = /^.{4,160}ने लिखा\s*:?\s*$/u;
const DIVIDER =
  /^\s*(?:[-_]{2,}\s*(?:original|forwarded|ursprung|vidarebefordra|mensaje original|mensaje reenviado|weitergeleitete|message d'origine)|_{8,}\s*$)/iu;
const MAIL_HEADER = /^\s*(?:from|från|von|de)\s*:\s.{0,120}@/iu;

/** True for a reaction to one of our messages sent as text ("Liked “…STOP to opt out”"): the words in it are ours. */
export function isTapback(text: string): boolean {
  const start = text.slice(0, LONGEST);
  return TAPBACK.test(start) || PICTURE_TAPBACK.test(start) || TRAILING_TAPBACK.test(start);
}

/**
 * The person's own words: lines quoted with ">" are dropped, and everything under "On … wrote:" or a forwarding header,
 * unless the quote below is marked with ">", when words under it are the person's again.
 */
export function withoutQuoted(text: string): string {
  const own: string[] = [];
  const lines = onOneLine(text.slice(0, LONGEST)).split(/\r\n|[\n\r\u2028]/);
  for (const [i, line] of lines.entries()) {
    if (QUOTED_LINE.test(line)) continue;
    if (!isQuoteHead(line.trimStart())) own.push(line);
    else if (!QUOTED_LINE.test(lines.slice(i + 1).find((next) => next.trim() !== '') ?? '')) break;
  }
  return own.join('\n');
}

/** Puts an attribution that was wrapped, or stands in the middle of a line, on a line of its own. */
function onOneLine(text: string): string {
  return text.replace(INLINE_ATTRIBUTION, (found) => `\n${found.trim().replaceAll('\n', ' ')}\n`);
}

function isQuoteHead(line: string): boolean {
  return ATTRIBUTION.test(line) || HINDI_ATTRIBUTION.test(line) || DIVIDER.test(line) || MAIL_HEADER.test(line);
}
