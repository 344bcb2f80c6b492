import { plainForm } from './plain.ts';
import type { Finding } from './types.ts';

/* Which language a sentence is written in, by its commonest words. Enough to tell ours apart and to notice others. */

const list = (words: string) => new Set(words.split(' '));

/** On plain text. Words that two of the languages share (`en`, `de`, `no`, `hi`) stand under neither. */
const COMMON: Readonly<Record<string, ReadonlySet<string>>> = {
  en: list(
    'the and you your for with have has this that is are was be been would like can will it its to of on at from just here we our us if or so not what when where which who how any all please thank thanks hi hello good about into out there their them they i am my me do does did done an as by but more than one yes could should let know time day come by write person message asked passed',
  ),
  sv: list(
    'och att det som jag du dig din ditt dina vi oss har ar inte pa med for av till om kan ska vill hej tack har den ett men sa hur nar var vad vilken vilket har bara gar alla nagon nagot lite mer bil bilen skriv svara garna ocksa fran hos eller ja nej mig mitt min passar tid dag hoppas valkommen bra fraga',
  ),
  de: list(
    'und der die das sie ich ihr ihnen ihre ihren wir uns ist sind haben habe hat nicht mit fur von zu zum zur auf an im ein eine einen einem einer wenn oder aber kann konnen mochten wurde wird bitte danke hallo gern gerne noch auch nur wie was wann wo welcher welche hier dem den bei schreiben termin auto passt einfach',
  ),
  es: list(
    'el la los las que y usted su sus le les un una unos es son esta estan ha he con para por del al se lo como cuando donde cual gracias hola si pero mas muy ya aqui bien quiere puede tiene me mi nos nuestro nuestra dia hora este esa esto ese sobre tambien otra otro escriba cita coche pregunta mensaje alguna alguno estas estos horas viene venir digame cual quiera gustaria puede favor queda',
  ),
  hi: list(
    'hai hain ka ki ke ko se mein par aap aapka aapki aapke aapko yeh woh kya kaise kab kahan kaun nahi haan ji aur bhi liye baat kar karna karein karne kiya di gaya gayi diya raha rahe rahi rahega theek dhanyavaad namaste bas yahin hum hamari hamara koi kuch tak ho tha thi sakte sakta likhein likh jawab sawaal gaadi samay din abhi message team is us apna apni',
  ),
};

const DEVANAGARI = /\p{Script=Devanagari}/u;
const FOREIGN = /(?!\p{Script=Latin}|\p{Script=Devanagari})\p{L}/u;

function hits(words: readonly string[], language: string): number {
  const common = COMMON[language];
  return words.filter((word) => (language === 'hi' && DEVANAGARI.test(word)) || common?.has(word)).length;
}

/** The language a text is written in, of those we know; null where it is too short or too mixed to tell. */
export function languageOf(text: string): string | null {
  const words = plainForm(text).match(/[\p{L}\p{M}']+/gu) ?? [];
  const ranked = Object.keys(COMMON)
    .map((language) => ({ language, count: hits(words, language) }))
    .sort((a, b) => b.count - a.count);
  const [first, second] = ranked;
  if (!first || first.count < 2 || first.count < words.length * 0.2) return null;
  return first.count - (second?.count ?? 0) >= Math.max(1, words.length * 0.1) ? first.language : null;
}

/** What is written in another language than the one of the conversation. Hindi is written in both its alphabets. */
export function foreignFindings(text: string, language: string): Finding[] {
  const wrong = (found: string): Finding => ({
    code: 'language',
    found: found.trim().slice(0, 80),
    words: 'it is not in the language of the conversation',
  });
  const foreign = FOREIGN.exec(text.normalize('NFKC'));
  if (foreign) return [wrong(foreign[0])];
  if (language !== 'hi' && DEVANAGARI.test(text)) return [wrong(text)];
  return text
    .split(/(?<=[.!?…।])\s+|\n+/)
    .filter((sentence) => isForeign(sentence, language))
    .slice(0, 1)
    .map(wrong);
}

function isForeign(sentence: string, language: string): boolean {
  const words = plainForm(sentence).match(/[\p{L}\p{M}']+/gu) ?? [];
  if (words.length < 4) return false;
  const own = hits(words, language);
  const other = Math.max(
    ...Object.keys(COMMON)
      .filter((each) => each !== language)
      .map((each) => hits(words, each)),
  );
  if (other >= 2 && other >= own + 2) return true;
  return words.length >= 6 && own < words.length * 0.12;
}
