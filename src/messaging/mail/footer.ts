/** What stands under an automated e-mail, by language; `{business}` is the tenant. */
interface FooterWords {
  /** Why this was sent. */
  why: string;
  /** The link that ends it. */
  stop: string;
}

const WORDS: Record<string, FooterWords> = {
  en: { why: '{business} sent you this because you agreed to be contacted.', stop: 'Stop all messages' },
  sv: {
    why: '{business} skickade detta eftersom du har sagt ja till att bli kontaktad.',
    stop: 'Stoppa alla meddelanden',
  },
  de: {
    why: '{business} schreibt Ihnen, weil Sie einer Kontaktaufnahme zugestimmt haben.',
    stop: 'Alle Nachrichten stoppen',
  },
  es: { why: '{business} le escribe porque aceptó que le contactaran.', stop: 'Dejar de recibir mensajes' },
  hi: {
    why: '{business} ne yeh isliye bheja kyonki aapne sampark ki anumati di thi.',
    stop: 'Sabhi sandesh band karein',
  },
};

/** The footer's words in a language, else in English. */
export function footerWords(language: string, business: string): FooterWords {
  const words = WORDS[language.slice(0, 2)] ?? WORDS.en ?? { why: '', stop: '' };
  return { ...words, why: words.why.replaceAll('{business}', business) };
}
