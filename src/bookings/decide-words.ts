/*
 * Words as they are compared, and those by which a customer takes an appointment back, in all languages at once: no word of
 * these means something else in another of them. Parted by commas; accents may be missing.
 */

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

export const saysCancel = says(CANCEL);
export const saysCannotCome = says(CANNOT_COME);
/** The phrase itself, where there is one. */
export const spokenCancel = spoken(CANCEL);
export const spokenCannotCome = spoken(CANNOT_COME);
