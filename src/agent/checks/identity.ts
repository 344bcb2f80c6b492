import { escapeRegex, plainForm } from './plain.ts';
import type { CheckRules, Finding } from './types.ts';

/*
 * Who is writing: the customer is told that it is an assistant and no person (EU AI Act, Regulation 2024/1689, Article 50),
 * and it never passes itself off as one.
 */

/** How each language says that a machine writes; an "assistant" alone might be a person. */
const DISCLOSES: Readonly<Record<string, RegExp>> = {
  en: /\b(?:digital|virtual|automated|automatic|ai)\b[^.!?\n]{0,20}\bassistant\b|\bai\b|\bchat ?bot\b|\bcomputer program\b/u,
  sv: /\b(?:digital\p{L}*|virtuell\p{L}*|automatisk\p{L}*|ai)[ -][^.!?\n]{0,12}\bassistent\p{L}*|\bai-?assistent\p{L}*|\bchatt?bot\p{L}*|\bdatorprogram\b/u,
  de: /\b(?:digital\p{L}*|virtuell\p{L}*|automati\p{L}*|ki|ai)[ -][^.!?\n]{0,12}\bassistent\p{L}*|\bki-?assistent\p{L}*|\bchatbot\b|\bcomputerprogramm\b/u,
  es: /\basistente\b[^.!?\n]{0,14}\b(?:virtual|digital|automatic[oa]|ia)\b|\bchatbot\b/u,
  hi: /(?:digital|virtual|ai|डिजिटल|वर्चुअल|एआई)[ -][^.!?\n]{0,12}(?:assistant|sahayak|असिस्टेंट|सहायक)|\bcomputer program\b|\bchatbot\b/u,
};

/** What a text lacks to count as an introduction in this language; empty when nothing. */
export function disclosureFindings(text: string, language: string): string[] {
  const says = (DISCLOSES[language] ?? DISCLOSES.en)?.test(plainForm(text));
  return says ? [] : ['does not say that a digital assistant writes, which the law asks for at the first contact'];
}

const POSES = new RegExp(
  [
    "\\b(?:i am|i'm|im|we are) (?:also )?(?:an? |the )?(?:very )?(?:real |actual |living |human )*(?:human|person|man|woman|people|salesperson|salesman|manager|employee|member of staff|owner|director|seller)\\b",
    "(?:i am|i'm|am|are) not (?:an? )?(?:bot|robot|machine|ai|computer|program|assistant|automated)\\b|\\bno (?:bot|robot) here\\b|(?:speaking|talking|writing|chatting) (?:to|with) a (?:real )?(?:human|person)\\b|\\bmy name is\\b|\\bi work (?:at|for|in)\\b|\\bas a human\\b",
    '\\bjag ar (?:en )?(?:riktig |verklig |vanlig )*(?:manniska|person|saljare|chef|anstalld|agare|medarbetare)\\b|\\bjag heter\\b|\\binte (?:nagon |en )?(?:bot|robot|maskin|ai|dator\\p{L}*|assistent)\\b|\\bjag jobbar\\b|\\b(?:pratar|skriver) (?:du )?med en (?:riktig )?(?:manniska|person)\\b',
    '\\bich bin (?:ein |eine |der |die )?(?:echte\\p{L}* |richtige\\p{L}* )*(?:mensch|person|mitarbeiter\\p{L}*|verkaufer\\p{L}*|berater\\p{L}*|chef\\p{L}*|geschaftsfuhrer\\p{L}*|inhaber\\p{L}*)\\b|\\bkein(?:e|en)? (?:bot|roboter|maschine|ki|computer\\p{L}*|programm|assistent\\p{L}*)\\b|\\bich heisse\\b|\\bmein name ist\\b|\\bich arbeite\\b',
    '\\bsoy (?:una? |el |la )?(?:persona|human[oa]|vendedor\\p{L}*|asesor\\p{L}*|gerente|emplead[oa]|director\\p{L}*|dueno|duena)\\b|\\bno soy (?:una? )?(?:bot|robot|maquina|ia|programa|asistente)\\b|\\bme llamo\\b|\\bmi nombre es\\b|\\btrabajo en\\b|\\bhabla(?:ndo)? con una persona\\b',
    '\\b(?:main|mai|mein) (?:ek |bhi )*(?:asli )?(?:insaan|insan|aadmi|admi|vyakti|salesman|manager)\\b|\\b(?:bot|robot|machine|assistant|ai) nahi\\b|\\bmera naam\\b|मैं (?:एक |भी )*(?:असली )?(?:इंसान|व्यक्ति|मैनेजर|सेल्समैन)|(?:बॉट|रोबोट|मशीन) नहीं|मेरा नाम',
  ].join('|'),
  'u',
);
const I_AM =
  "\\b(?:i am|i'm|im|this is|its|it's|here is|jag ar|det har ar|det ar|har ar|ich bin|hier ist|hier spricht|hier schreibt|es spricht|soy|le escribe|le habla|habla|te escribe|main|mai|yeh|यह|मैं)[ ,:]+";
const REGARDS =
  '(?:regards|best|cheers|sincerely|yours|halsningar|halsn|mvh|vanligen|grusse|gruss|mfg|saludos|atentamente|cordialmente|dhanyavaad|dhanyawad|धन्यवाद)';

/** Passing itself off as a person, or as one of the business's people. */
export function poseFindings(plain: string, { staff, business }: Pick<CheckRules, 'staff' | 'business'>): Finding[] {
  const wrong = (found: string): Finding[] => [
    { code: 'impersonation', found: found.slice(0, 80), words: 'it passes itself off as a person' },
  ];
  const pose = POSES.exec(plain);
  if (pose) return wrong(pose[0]);
  for (const name of namesOf(staff, business)) {
    const spelt = escapeRegex(name);
    const claimed = new RegExp(`${I_AM}${spelt}(?![\\p{L}\\p{N}])`, 'u').exec(plain);
    const signed = new RegExp(`(?:^|\\n|[-/~]|${REGARDS}[,!. ]*\\n?)\\s*${spelt}[.!]?\\s*$`, 'u').exec(plain);
    if (claimed ?? signed) return wrong((claimed ?? signed)?.[0] ?? name);
  }
  return [];
}

/** Full and first names; a name that the business has too says nothing. */
function namesOf(staff: readonly string[], business: string): string[] {
  const own = plainForm(business).split(' ');
  const names = staff.flatMap((name) => {
    const plain = plainForm(name);
    return [plain, plain.split(' ')[0] ?? ''];
  });
  return [...new Set(names)].filter((name) => name.length > 1 && !own.includes(name));
}
