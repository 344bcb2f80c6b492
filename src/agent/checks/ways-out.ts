import { plainForm } from './plain.ts';
import type { CheckRules, Finding } from './types.ts';

/* What leads out of the conversation or shows its inside: links, mailboxes, instructions, markup, stop words. */

const ENDINGS =
  'com|net|org|info|biz|io|co|ai|app|dev|me|ly|gg|to|tk|xyz|shop|store|site|online|link|top|club|live|cloud|page|web|website|tech|pro|tv|cc|se|no|dk|fi|de|at|ch|es|mx|ar|in|uk|us|ca|eu|fr|it|nl|be|pl|cz|ru|cn|example|test|car|cars|auto';
const LINKS = [
  /h(?:tt|xx)ps?|:\/\/|\bwww\b|\btinyurl\b|\bbit\s?ly\b/u,
  new RegExp(`[\\p{L}\\p{N}-]+\\.(?:${ENDINGS})(?![\\p{L}\\p{N}])`, 'u'),
  /\p{L}{3,}\.\p{L}{3,}/u,
  // "evil . com": nobody else writes a space before a full stop
  new RegExp(`[\\p{L}\\p{N}-]+ \\. ?(?:${ENDINGS})(?![\\p{L}\\p{N}])`, 'u'),
  /[\p{L}\p{N}-]+\. (?:com|net|org|info|biz|io)(?![\p{L}\p{N}])/u,
  new RegExp(
    `[\\p{L}\\p{N}]+ ?(?:\\[\\.\\]|\\(\\.\\)|\\[dot\\]|\\(dot\\)| dot | punkt | punto ) ?(?:${ENDINGS})(?![\\p{L}\\p{N}])`,
    'u',
  ),
];
const MAILBOX = /@|\b(?:at|snabel-a|arroba) [\p{L}\p{N}-]+ (?:dot|punkt|punto) \p{L}+|[[(]at[\])]/u;
const INSIDE =
  /system ?prompt|(?:my|the|these|initial|hidden|previous|secret) (?:instructions|guidelines|prompt)|developer message|language model|\b(?:open ?ai|chatgpt|gpt-?\d)\b|tool[ _]?calls?|function[ _]?calls?|update_state|offer_slots|look_up_fact|hand_over|opt_out|systemmeddelande|mina instruktioner|meine anweisungen|systemanweisung\p{L}*|mis instrucciones|instrucciones del sistema|mere nirdesh|मेरे निर्देश/u;
const MARKUP = /```|<\/?[a-z][^>]*>|<\||\|>|[{}]|\[\[|\]\]|^#+ |\*\*/mu;
/** Alone in an answer they opt out for good, so no text of ours asks for them (47 CFR 64.1200(a)(10)). */
const STOP_WORDS =
  /(?<![\p{L}\p{N}])(?:STOP|STOPALL|UNSUBSCRIBE|END|QUIT|CANCEL|REVOKE|OPTOUT|REMOVE|ARRET|STOPP|AVSLUTA|AVREGISTRERA|ABMELDEN|BAJA|CANCELAR|BAND KARO)(?![\p{L}\p{N}])/u;
const SHINGLE = 7;

/** `plain` is the text without what is the tenant's own. */
export function wayOutFindings(text: string, plain: string, rules: Pick<CheckRules, 'prompt'>): Finding[] {
  const link = LINKS.map((pattern) => pattern.exec(plain)).find((match) => match !== null);
  const mailbox = MAILBOX.exec(plain);
  const inside = INSIDE.exec(plain) ?? quotes(plain, rules.prompt);
  const markup = MARKUP.exec(text);
  const keyword = STOP_WORDS.exec(text);
  return [
    ...one(link, 'link', 'it has a link that is not yours'),
    ...one(mailbox, 'contact', 'it has an e-mail address that is not yours'),
    ...one(inside, 'markup', "it tells of the assistant's instructions"),
    ...one(markup, 'markup', 'it has markup in it'),
    ...one(keyword, 'keyword', 'it asks for a word that opts out for good'),
  ];
}

function one(match: ArrayLike<string> | null | undefined, code: Finding['code'], words: string): Finding[] {
  return match ? [{ code, found: (match[0] ?? '').slice(0, 80), words }] : [];
}

/** Seven words in a row that stand in the instructions as well. */
function quotes(plain: string, prompt: string): string[] | null {
  if (prompt === '') return null;
  const inside = ` ${wordsOf(plainForm(prompt)).join(' ')} `;
  const words = wordsOf(plain);
  for (let at = 0; at + SHINGLE <= words.length; at++) {
    const some = words.slice(at, at + SHINGLE).join(' ');
    if (inside.includes(` ${some} `)) return [some];
  }
  return null;
}

const wordsOf = (plain: string) => plain.match(/[\p{L}\p{M}\p{N}']+/gu) ?? [];
