/** Letters of other alphabets that look like Latin ones, in lower case. Used to read "ЅТОР" typed with a Cyrillic keyboard. */
const PAIRS: readonly (readonly [foreign: string, latin: string])[] = [
  // Cyrillic
  ['аɑ', 'a'],
  ['вь', 'b'],
  ['сϲ', 'c'],
  ['ԁ', 'd'],
  ['еєҽ', 'e'],
  ['ԍ', 'g'],
  ['һн', 'h'],
  ['іїı', 'i'],
  ['јϳ', 'j'],
  ['к', 'k'],
  ['ӏ', 'l'],
  ['м', 'm'],
  ['п', 'n'],
  ['о', 'o'],
  ['р', 'p'],
  ['ԛ', 'q'],
  ['г', 'r'],
  ['ѕ', 's'],
  ['т', 't'],
  ['ц', 'u'],
  ['ѵ', 'v'],
  ['ԝш', 'w'],
  ['х', 'x'],
  ['у', 'y'],
  // Greek
  ['α', 'a'],
  ['β', 'b'],
  ['ε', 'e'],
  ['η', 'n'],
  ['ι', 'i'],
  ['κ', 'k'],
  ['μ', 'm'],
  ['ν', 'v'],
  ['οσ', 'o'],
  ['ρ', 'p'],
  ['ς', 's'],
  ['τ', 't'],
  ['υ', 'u'],
  ['χ', 'x'],
  // Armenian and Cherokee (Cherokee folds to its own lower case)
  ['օ', 'o'],
  ['ѕꜱꮪ', 's'],
  ['ꭲꭢ', 't'],
  ['ꮲ', 'p'],
  ['ꮎ', 'o'],
  // Latin letters with strokes, and small capitals, which NFKC leaves alone
  ['ᴀ', 'a'],
  ['ʙ', 'b'],
  ['ᴄ', 'c'],
  ['đᴅ', 'd'],
  ['ᴇ', 'e'],
  ['ꜰ', 'f'],
  ['ɢ', 'g'],
  ['ʜ', 'h'],
  ['ɪ', 'i'],
  ['ᴊ', 'j'],
  ['ᴋ', 'k'],
  ['łʟ', 'l'],
  ['ᴍ', 'm'],
  ['ɴ', 'n'],
  ['øᴏ', 'o'],
  ['ᴘ', 'p'],
  ['ʀ', 'r'],
  ['ᴛŧ', 't'],
  ['ᴜ', 'u'],
  ['ᴠ', 'v'],
  ['ᴡ', 'w'],
  ['ʏ', 'y'],
  ['ᴢ', 'z'],
];

/** First code points of runs that spell A to Z as pictures: flags' letters, dark squares, dark circles. */
const PICTURE_ALPHABETS = [0x1f1e6, 0x1f170, 0x1f150] as const;

function build(): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  for (const [foreign, latin] of PAIRS) for (const letter of foreign) table.set(letter, latin);
  for (const first of PICTURE_ALPHABETS) {
    for (let i = 0; i < 26; i++) table.set(String.fromCodePoint(first + i), String.fromCharCode(97 + i));
  }
  return table;
}

const TABLE = build();

/** Replaces look-alike letters by the Latin letters they imitate; everything else is kept. Expects lower case. */
export function latinise(text: string): string {
  let out = '';
  for (const letter of text) out += TABLE.get(letter) ?? letter;
  return out;
}

/** What a digit or sign stands for inside a word ("st0p", "$top", "t3xt"). Only used where the result is a known word. */
const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  $: 's',
  '@': 'a',
  '+': 't',
};

/** The word with digits and signs read as letters. */
export function unleet(word: string): string {
  let out = '';
  for (const sign of word) out += LEET[sign] ?? sign;
  return out;
}
