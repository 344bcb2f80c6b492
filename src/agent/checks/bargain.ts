import { claimFindings } from './claims.ts';
import { CALLED_SUM } from './number-words.ts';
import { plainForm } from './plain.ts';
import { GONE } from './support.ts';
import type { Bargain, CheckCode, Finding } from './types.ts';

/*
 * Where a customer names a sum, or asks for a promise, whatever sounds like a yes agrees to it. No list of words finds every
 * way to agree; so there a model's words leave only where they are known to hand the matter over. On plain text.
 */

const MONEY: ReadonlySet<CheckCode> = new Set(['price', 'percent', 'discount', 'finance']);
/** "Would you take 45,000": no year, and no distance. */
const SUM =
  /(?<!\d[.,' ]?)(?!(?:19|20)\d\d(?!\d))\d(?:[.,' ]?\d){3,5}(?![.,' ]?\d| ?(?:km|mil|miles|kilomet\p{L}*|hp|ps|hk|cc|kwh|किमी))/u;

/** The customer names a sum, a share, a discount or how it is financed. */
export function talksMoney(words: string): boolean {
  const plain = plainForm(words);
  return claimFindings(words).some(({ code }) => MONEY.has(code)) || SUM.test(plain) || plain.search(CALLED_SUM) >= 0;
}

const asksPromise = (words: string): boolean => claimFindings(words).some(({ code }) => code === 'promise');

/** The customer asks for a discount, a share off or a promise. */
export const asksForMore = (words: string): boolean => claimFindings(words).some(({ code }) => MORE.has(code));
const MORE: ReadonlySet<CheckCode> = new Set(['percent', 'discount', 'promise']);

/** How far the customer bargains: `before` is what they wrote before what is unanswered, oldest first. */
export function bargainOf(unanswered: string, before: readonly string[]): Bargain {
  if (talksMoney(unanswered) || asksPromise(unanswered)) return 'now';
  return before.slice(-RECENT).some(talksMoney) ? 'earlier' : 'no';
}
/** Messages of the customer after which a yes may still be taken for a yes to their sum. */
const RECENT = 2;

const spoken = (patterns: readonly string[], before = '(?<![\\p{L}\\p{M}])') =>
  new RegExp(`${before}(?:${patterns.join('|')})(?![\\p{L}\\p{M}])`, 'u');

const YES = [
  'yes|yeah|yep|sure|surely|fine|ok|okay|agreed?|deal|certainly|absolutely|of course|no problem|perfect|great|sounds good|happy to|gladly|definitely|accept\\p{L}*|done|yours|works|we can|you can have',
  'ja|jo|japp|visst|absolut|okej|gar bra|klart|sjalvklart|inga problem|perfekt|toppen|godta\\p{L}*|accepter\\p{L}*|det ordnar vi|funkar|vi kan',
  'klar|gerne?|sicher|in ordnung|einverstanden|passt|geht|naturlich|abgemacht|selbstverstandlich|perfekt|kein problem|akzeptier\\p{L}*|wir konnen|machen wir',
  'si|claro|vale|de acuerdo|perfecto|por supuesto|bien|hecho|trato|acept\\p{L}*|sin problema|podemos',
  'haan|han|theek|thik|zaroor|bilkul|pakka|manzoor|chalega|ho jayega|हां|ठीक|जरूर|बिल्कुल|पक्का|मंजूर|चलेगा|हो जाएगा',
];
const AGREES = spoken(YES);
const BEGINS_WITH_YES = spoken(YES, '^[^\\p{L}]*');
/** Hands the matter to people, or says that nothing is said. */
const DEFERS = spoken([
  "(?:not|never) guess|(?:have|has|i've|i'll|will) (?:pass|ask|forward|let|get back|check with)\\p{L}*|passed (?:it|this|that|your)|handed|(?:can|will) (?:tell|answer|explain|call|get back|look at)|(?:cannot|can't|may not|am not able to|not allowed to) (?:say|agree|decide|promise|confirm|give|name|negotiate|commit)|no confirmed|up to|knows|decides?|has (?:the|all)",
  'gissa|lamnat|lamnar|vidare till|fragat|fraga|aterkommer|(?:kan|far) (?:beratta|svara|hjalpa|forklara)|(?:kan|far) (?:jag )?(?:tyvarr )?inte|(?:saga|sager) (?:det )?till|hor av sig|vet mer|bestammer|avgor',
  'raten|weitergegeben|weitergeleitet|gebeten|gefragt|fragen|meldet sich|kann .{0,60}(?:sagen|nennen|erklaren|beantworten|helfen)|kann ich (?:ihnen )?(?:leider )?nicht|nicht (?:sagen|zusagen|entscheiden)|darf ich (?:leider )?nicht|entscheide\\p{L}*',
  'adivinar|(?:he|ha|hemos) (?:pasado|consultado|preguntado|pedido)|consult\\p{L}*|pregunt\\p{L}*|puede (?:decir|explicar|ayudar|confirmar|responder)\\p{L}*|no (?:lo |se lo |le )?puedo|se pondra en contacto|decide',
  'andaz\\p{L}*|andaaz\\p{L}*|pahuncha\\p{L}*|pooch\\p{L}*|puch\\p{L}*|bata (?:sak|denge|dega|degi)\\p{L}*|de diya|sampark|nahi (?:bata|kah|keh) sak\\p{L}*|अंदाज\\p{L}*\\p{M}*|पहुंचा|पूछ[\\p{L}\\p{M}]*|बता सक[\\p{L}\\p{M}]*',
]);
/** Greets or thanks, and no more. */
const COURTESY =
  /^(?:(?:hi|hello|hey|thank you|thanks|many|for|your|the|message|question|telling|asking|us|me|noted|understood|sorry|hej|hejsan|tack|for|ditt|din|meddelande|fraga|fragan|svaret|noterat|hallo|guten tag|danke|vielen dank|fur|ihre|ihr|nachricht|frage|notiert|verstanden|das|habe ich|hola|gracias|muchas|por|su|mensaje|pregunta|anotado|queda|namaste|dhanyavaad|dhanyawad|shukriya|aapke|aapka|sandesh|sawaal|ke|liye|likh liya gaya hai|ji|नमस्ते|धन्यवाद|शुक्रिया)(?:[\s,!.:]|$)+)+$/u;

/** What in a model's text may be taken for a yes. `plain` is without facts, times, names and the playbook's own words. */
export function bargainFindings(plain: string, bargain: Bargain): Finding[] {
  if (bargain === 'no') return [];
  const doubtful = sentencesOf(plain).find((sentence) =>
    bargain === 'now' ? !handsOver(sentence) : BEGINS_WITH_YES.test(sentence) && !sentence.includes(GONE.trim()),
  );
  if (doubtful === undefined) return [];
  const words = 'the customer talks about money, and this could be read as a yes to it';
  return [{ code: 'agreement', found: doubtful.slice(0, 80), words }];
}

const sentencesOf = (plain: string) =>
  plain
    .split(/(?<=[.!?…।])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));

function handsOver(sentence: string): boolean {
  const bare = sentence.replaceAll(GONE.trim(), ' ').replace(/\s+/g, ' ').trim();
  if (COURTESY.test(`${bare} `.trimStart())) return true;
  // "cannot agree" agrees to nothing
  return (DEFERS.test(bare) || bare.endsWith('?')) && !AGREES.test(bare.replace(DEFERS, ' '));
}
