/* Things to try as a customer, in their language. Pure. */

export interface Quick {
  words: string;
  /** What it shows, for the person at the page. */
  tries: 'question' | 'price' | 'stop_words' | 'stop_keyword' | 'start';
}

const WORDS: Record<string, [question: string, price: string, stop: string, keyword: string, start: string]> = {
  en: ['Hi, is it still available?', 'What does it cost?', 'please stop texting me', 'STOP', 'START'],
  sv: ['Hej! Finns den fortfarande?', 'Vad kostar den?', 'snälla sluta skriva', 'STOPP', 'START'],
  de: ['Hallo, ist er noch da?', 'Was kostet er?', 'bitte schreiben Sie mir nicht mehr', 'STOPP', 'START'],
  es: ['Hola, ¿sigue disponible?', '¿Cuánto cuesta?', 'por favor, no me escriban más', 'PARAR', 'START'],
  hi: ['नमस्ते, क्या गाड़ी अभी है?', 'कितने की है?', 'कृपया मुझे मैसेज मत भेजिए', 'STOP', 'START'],
};

/** Quick replies in the first of the languages there are words for; after an opt-out the way back. */
export function quickReplies(languages: readonly (string | null)[], optedOut: boolean): Quick[] {
  const language = languages.map((each) => each?.slice(0, 2) ?? '').find((each) => each in WORDS) ?? 'en';
  const [question = '', price = '', stop = '', keyword = '', start = ''] = WORDS[language] ?? [];
  if (optedOut) return [{ words: start, tries: 'start' }];
  return [
    { words: question, tries: 'question' },
    { words: keyword, tries: 'stop_keyword' },
    { words: stop, tries: 'stop_words' },
    { words: price, tries: 'price' },
  ];
}
