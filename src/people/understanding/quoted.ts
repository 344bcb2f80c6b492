/** Longest text whose lines are looked at; quoted history beyond it is not worth the time. */
const LONGEST = 20_000;

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
const TAPBACK = new RegExp(`^\\s*(?:${TAPBACK_VERBS})\\s*:?\\s*(?:${QUOTE}|an? (?:image|photo|message|attachment)\\b)`, 'iu');
const PICTURE_TAPBACK = new RegExp(`^\\s*\\p{Extended_Pictographic}\\S{0,4}\\s*(?:to|på|a|auf|à)\\s*${QUOTE}`, 'iu');
const TRAILING_TAPBACK = new RegExp(
  `^\\s*(?:hat\\s*)?[“„"«].*[”“"»]\\s*(?:पसंद|को पसंद|mit .{1,24} markiert|gemocht|geliebt)`,
  'isu',
);

// the line a mail program puts above the message it quotes
const ATTRIBUTION =
  /^(?:on|am|den|el|le|em|il|på|op)\s.{4,160}(?:wrote|schrieb|skrev|escribió|a écrit|escreveu|ha scritto)\b.{0,80}:?\s*$/iu;
// the same when the line was wrapped or its breaks were lost: it holds a date and an address or ends in a colon
const INLINE_ATTRIBUTION =
  /(?:^|\s)(?:on|am|den|el|le|em)\s(?=.{0,40}\d{1,2})[^>]{4,120}[<\s][^>]{0,60}>?\s*(?:wrote|schrieb.{0,60}|skrev.{0,60}|escribió|a écrit)\s?:/isu;
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

/** The person's own words: lines quoted with ">" and everything under "On … wrote:" or a forwarding header are dropped. */
export function withoutQuoted(text: string): string {
  const start = text.slice(0, LONGEST);
  const lines = start.slice(0, start.match(INLINE_ATTRIBUTION)?.index ?? start.length).split(/\r\n|[\n\r\u2028]/);
  const own: string[] = [];
  for (const line of lines) {
    if (isQuoteHead(line.trimStart())) break;
    if (!QUOTED_LINE.test(line)) own.push(line);
  }
  return own.join('\n');
}

function isQuoteHead(line: string): boolean {
  return ATTRIBUTION.test(line) || HINDI_ATTRIBUTION.test(line) || DIVIDER.test(line) || MAIL_HEADER.test(line);
}
