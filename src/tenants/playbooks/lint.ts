import { splitBody } from './placeholders.ts';
import { toWhatsAppBody } from './whatsapp.ts';

/** How a language says how to opt out. */
export interface OptOutWording {
  /** The words a customer may answer with. */
  readonly words: readonly string[];
  /** What a sentence with such a word must say besides, so that the word means nothing else. */
  readonly meaning: readonly string[];
}

/** What WhatsApp would reject, in words; empty when the body may be submitted. */
export function whatsAppProblems(body: string): string[] {
  const { texts, variables } = splitBody(body);
  const problems: string[] = [];
  const length = toWhatsAppBody({ body }).body.length;
  if (length > 1024) problems.push(`has ${length} characters; WhatsApp takes 1024`);
  if (/\t| {4}|\n{3}/.test(body)) problems.push('has a tab, four spaces or three line breaks in a row');
  if (variables.length === 0) return problems;

  if (texts[0] === '') problems.push('starts with a variable');
  if (texts.at(-1) === '') problems.push('ends with a variable');
  texts.slice(1, -1).forEach((between, index) => {
    if (!/[\p{L}\p{N}]/u.test(between)) {
      problems.push(`has no word between {${variables[index]}} and {${variables[index + 1]}}`);
    }
  });
  // Meta: "too many variables for its length" (subcode 2388293), seen to ask for three words a variable and one more.
  const wordCount = texts.join(' ').match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  const needed = 3 * variables.length + 1;
  if (wordCount < needed) problems.push(`has ${wordCount} words for its variables; at least ${needed} are needed`);
  return problems;
}

/**
 * Words that sell, in the languages we write: WhatsApp reviews a text with one of them as MARKETING, and India's operators take it
 * for a promotion. Only those that mean nothing else; an `Angebot` or an `offer` may be what the customer asked for.
 */
const SELLING = [
  ...[
    'discount',
    'discounts',
    'special offer',
    'limited time',
    'coupon',
    'voucher',
    'promo',
    'promotion',
    'bargain',
    'buy now',
  ],
  ...[
    'best price',
    'on sale',
    'free gift',
    '% off',
    'rabatt',
    'rabatten',
    'erbjudande',
    'erbjudandet',
    'kampanj',
    'kampanjpris',
  ],
  ...['specialpris', 'köp nu', 'nachlass', 'sonderangebot', 'aktionspreis', 'gutschein', 'schnäppchen', 'jetzt kaufen'],
  ...[
    'descuento',
    'descuentos',
    'oferta especial',
    'promoción',
    'cupón',
    'rebajas',
    'compre ahora',
    'chhoot',
    'छूट',
    'ऑफ़र',
  ],
];

/** Words of a service text that make an advertisement of it. */
export function sellingProblems(body: string): string[] {
  const sentence = splitBody(body).texts.join(' … ');
  return SELLING.filter((word) => occurrences(word, sentence).length > 0).map(
    (word) => `says "${word}", which advertises: a text of the category UTILITY may not`,
  );
}

/** A link must stand free: a full stop right behind it would become part of the address on some phones. */
export function linkProblems(body: string): string[] {
  const { texts, variables } = splitBody(body);
  return variables
    .filter((variable, index) => variable.endsWith('_link') && !/^\s/.test(texts[index + 1] ?? ''))
    .map((variable) => `{${variable}} must be followed by a space or a line break`);
}

/**
 * Words that, alone in an answer, are an opt-out whatever the template had in mind: the gateways' defaults (Twilio,
 * AWS) and their kin in other languages.
 */
const alwaysOptOut = [
  ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'END', 'QUIT', 'CANCEL', 'REVOKE', 'OPTOUT', 'REMOVE', 'ARRET'],
  ...['STOPP', 'AVSLUTA', 'AVREGISTRERA', 'ABMELDEN', 'BAJA', 'CANCELAR', 'BAND KARO'],
];

/** Verbs that ask for an answer, and the small words that may stand between them and it, in the languages we write. */
const verbs =
  'repl(?:y|ies|ying)|text|send|answer|type|write|svara|skicka|skriv|antwort(?:e|en)?|schreib(?:en?)?|senden?|' +
  'respond(?:[ae]n?|iendo)|escrib[ae]|env[ií][ae]|mand[ae]';
const fillers =
  'with|the|word|just|only|back|us|or|to|med|ordet|bara|oss|eller|Sie|uns|mit|dem|der|Wort|einfach|oder|con|la|palabra|o';
const asking = new RegExp(`\\b(?:${verbs})(?:[\\s,:]+(?:${fillers}))*[\\s,:]+["'“”„«»‘’]?$`, 'iu');

const literally = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const occurrences = (word: string, sentence: string) =>
  [...sentence.matchAll(new RegExp(`(?<![\\p{L}\\p{N}_{])${literally(word)}(?![\\p{L}\\p{N}_}])`, 'giu'))].map(
    (match) => ({
      text: match[0],
      before: sentence.slice(0, match.index),
      after: sentence.slice(match.index + match[0].length),
    }),
  );

type Occurrence = ReturnType<typeof occurrences>[number];

/** The word stands there to be answered with: in capitals, in quotes, or behind a verb that asks for an answer. */
function isAskedFor({ text, before, after }: Occurrence): boolean {
  if (text === text.toUpperCase()) return true;
  if (/["'“”„«»‘’]$/.test(before) && /^["'“”„«»‘’]/.test(after)) return true;
  return asking.test(before) || /^\W+(?:likh|bhej)/i.test(after);
}

const sentencesOf = (body: string) => body.split(/(?<=[.!?।])\s+|\n+/);

const saysOptOut = (sentence: string, { meaning }: OptOutWording) =>
  meaning.some((phrase) => sentence.toLowerCase().includes(phrase.toLowerCase()));

/** Whether a sentence tells how to opt out: one of the language's words together with what it does. */
export function tellsHowToOptOut(body: string, wording: OptOutWording): boolean {
  return sentencesOf(body).some(
    (sentence) =>
      saysOptOut(sentence, wording) && wording.words.some((word) => occurrences(word, sentence).some(isAskedFor)),
  );
}

/**
 * No text may ask for a word that is always an opt-out and mean something else by it: whoever answers CANCEL to move an
 * appointment would be silenced for good (47 CFR 64.1200(a)(10): such words are always sufficient to revoke).
 */
export function optOutProblems(body: string, wording: OptOutWording): string[] {
  const own = wording.words.map((word) => word.toUpperCase());
  const words = [...new Set([...alwaysOptOut, ...own])];
  const problems = sentencesOf(body).flatMap((sentence) =>
    words
      .filter((word) => occurrences(word, sentence).some(isAskedFor))
      .filter((word) => !(own.includes(word) && saysOptOut(sentence, wording)))
      .map(
        (word) => `asks for "${word}", which is always an opt-out, without saying in that sentence that it opts out`,
      ),
  );
  return [...new Set(problems)];
}
