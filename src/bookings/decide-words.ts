/*
 * The few words by which a customer answers an offer or takes an appointment back, in all languages at once: no word of
 * these means something else in another of them. Parted by commas; accents may be missing.
 */

const ORDINALS: readonly string[] = [
  'first, 1st, number one, option one, option 1, number 1, no 1, första, förste, den första, alternativ 1, erste, erster, ersten, erstes, option eins, primera, primero, la primera, el primero, opción 1, pehla, pehli, pehle wala, pahla, पहला, पहली',
  'second, 2nd, number two, option two, option 2, number 2, no 2, andra, den andra, alternativ 2, zweite, zweiter, zweiten, zweites, segunda, segundo, opción 2, doosra, dusra, doosri, dusri, दूसरा, दूसरी',
  'third, 3rd, number three, option three, option 3, number 3, no 3, tredje, den tredje, alternativ 3, dritte, dritter, dritten, drittes, tercera, tercero, opción 3, teesra, tisra, teesri, tisri, तीसरा, तीसरी',
  'fourth, 4th, option 4, fjärde, vierte, vierter, vierten, cuarta, chautha, चौथा',
];
const LAST =
  'last, last one, latter, latest, sista, den sista, senare, letzte, letzter, letzten, spätere, última, último, aakhri, akhri, आखिरी';
const YES =
  'yes, yep, yeah, yup, sure, ok, okay, perfect, great, fine, good, works, deal, sounds good, lets do it, book it, go ahead, confirmed, confirm, ja, japp, jo, jajamän, absolut, gärna, perfekt, toppen, bra, funkar, går bra, passar, kanon, okej, boka, jawohl, jo gerne, gern, gerne, passt, super, einverstanden, genau, alles klar, geht klar, in ordnung, sí, si, claro, vale, perfecto, de acuerdo, bien, genial, me viene bien, me va bien, estupendo, dale, haan, han, ha, ji, ji haan, theek, thik, theek hai, thik hai, sahi, bilkul, chalega, pakka, हाँ, हां, जी, ठीक, ठीक है, बिल्कुल, चलेगा';
const ANY =
  'any, either, whichever, whatever, both, anyone, all good, doesnt matter, dont mind, vilken som helst, vilken som, spelar ingen roll, båda, egal, beide, beides, welcher auch immer, cualquiera, me da igual, ambas, las dos, koi bhi, kuch bhi, dono, कोई भी, दोनों';
const NO =
  'no, nope, none, neither, ingen av, inga av, nej, nä, tyvärr, funkar inte, passar inte, nein, leider, keiner, keine davon, passt nicht, geht nicht, ninguna, ninguno, no me viene, no puedo, nahi, nahin, koi nahi, नहीं, other times, something else, another time, andra tider, nån annan tid, någon annan tid, andere zeit, andere zeiten, otra hora, otro día, otras horas, koi aur, doosra time';
const CANCEL =
  'cancel, cancell, call it off, call off, avboka, avbokar, avbokas, ställa in, ställer in, avbeställa, lämna återbud, absagen, abzusagen, stornieren, storniere, sage ab, absage, cancelar, cancela, cancele, cancelo, anular, anula, anule, anulo, radd, cancel kar, रद्द, कैंसल, कैंसिल';
const CANNOT_COME =
  'cant make it, cannot make it, cant come, cannot come, not able to come, wont make it, wont be able, unable to come, unable to make it, kan inte komma, hinner inte, fick förhinder, får förhinder, förhindrad, kan tyvärr inte, kann nicht kommen, schaffe es nicht, verhindert, ich schaffe es leider nicht, kann leider nicht, muss verschieben, no puedo ir, no podré ir, no llego, no puedo acudir, no voy a poder, nahi aa, nahin aa, nahi aa paunga, nahi aa sakta, nahi aa paungi, नहीं आ';

/** Small letters without accents, apostrophes or signs, single spaces, one at either end. */
export function plainWords(text: string): string {
  const plain = text
    .slice(0, 1000)
    .normalize('NFD')
    .toLowerCase()
    .replace(/[\u0300-\u036f\u093c'’]/g, '')
    .replace(/👍|👌|✅|🙏/gu, ' ok ')
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ');
  return ` ${plain.trim()} `;
}

/** A list parted by commas, each as it stands in plain words. */
export const phrases = (list: string): string[] => list.split(',').map(plainWords);
const spoken = (list: string) => {
  const known = phrases(list);
  return (words: string) => known.find((phrase) => words.includes(phrase));
};
const says = (list: string) => {
  const find = spoken(list);
  return (words: string) => find(words) !== undefined;
};

export const saysYes = says(YES);
export const saysNo = says(NO);
export const saysAny = says(ANY);
export const saysLast = says(LAST);
export const saysCancel = says(CANCEL);
export const saysCannotCome = says(CANNOT_COME);
/** The phrase itself, where there is one. */
export const spokenCancel = spoken(CANCEL);
export const spokenCannotCome = spoken(CANNOT_COME);

const ordinals = ORDINALS.map(says);

/** Which of the offered ones is named by its place, counted from 0; a bare "2" is the second. */
export function ordinalIn(words: string, count: number): number | undefined {
  const bare = /^ (\d) $/.exec(words)?.[1];
  const index = bare === undefined ? ordinals.findIndex((named) => named(words)) : Number(bare) - 1;
  if (index >= 0 && index < count) return index;
  return count > 1 && saysLast(words) ? count - 1 : undefined;
}

/** How many words a message has. */
export const countWords = (words: string): number => words.trim().split(' ').filter(Boolean).length;
