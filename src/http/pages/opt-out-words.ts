import type { Language } from './languages.ts';

interface OptOutWords {
  title: string;
  ask: string;
  stop: string;
  done: string;
  already: string;
  late: string;
  change: string;
  changeNote: string;
  backIn: string;
  unknown: string;
  unknownHelp: string;
}

/**
 * `{business}` is the tenant's name. The word to reply with is the one people use there (STOPP, BAJA); in Hindi the
 * sentences go round the verb, which would otherwise have to know the gender of the business.
 */
export const OPT_OUT_WORDS: Record<Language, OptOutWords> = {
  en: {
    title: 'Stop messages',
    ask: 'Press once, and {business} will not write to you again.',
    stop: 'Stop all messages',
    done: 'Done. {business} will not write to you again.',
    already: 'This was already done. {business} does not write to you.',
    late: 'One message may just have left. If it reaches you, it is the last.',
    change: 'I changed my mind',
    changeNote: 'This lets {business} write to you again.',
    backIn: 'Welcome back. {business} may write to you again.',
    unknown: 'This link cannot be used.',
    unknownHelp: 'To stop messages, reply STOP to any of them. It works at once.',
  },
  sv: {
    title: 'Stoppa meddelanden',
    ask: 'Ett tryck, så skriver {business} inte till dig igen.',
    stop: 'Stoppa alla meddelanden',
    done: 'Klart. {business} skriver inte till dig igen.',
    already: 'Det var redan gjort. {business} skriver inte till dig.',
    late: 'Ett meddelande kan just ha gått iväg. Om det kommer fram är det det sista.',
    change: 'Jag har ändrat mig',
    changeNote: 'Då får {business} skriva till dig igen.',
    backIn: 'Välkommen tillbaka. {business} får skriva till dig igen.',
    unknown: 'Länken går inte att använda.',
    unknownHelp: 'Svara STOPP på vilket meddelande som helst så upphör de direkt.',
  },
  de: {
    title: 'Nachrichten stoppen',
    ask: 'Einmal tippen, und {business} schreibt Ihnen nicht mehr.',
    stop: 'Alle Nachrichten stoppen',
    done: 'Erledigt. {business} schreibt Ihnen nicht mehr.',
    already: 'Das war schon erledigt. {business} schreibt Ihnen nicht.',
    late: 'Eine Nachricht ist vielleicht gerade noch hinausgegangen. Falls sie ankommt, ist es die letzte.',
    change: 'Ich habe es mir anders überlegt',
    changeNote: 'Dann darf {business} Ihnen wieder schreiben.',
    backIn: 'Willkommen zurück. {business} darf Ihnen wieder schreiben.',
    unknown: 'Dieser Link kann nicht verwendet werden.',
    unknownHelp: 'Antworten Sie auf eine der Nachrichten mit STOPP, dann hören sie sofort auf.',
  },
  es: {
    title: 'Detener los mensajes',
    ask: 'Un toque, y {business} no volverá a escribirle.',
    stop: 'Detener todos los mensajes',
    done: 'Hecho. {business} no volverá a escribirle.',
    already: 'Ya estaba hecho. {business} no le escribe.',
    late: 'Es posible que un mensaje acabe de salir. Si le llega, será el último.',
    change: 'He cambiado de opinión',
    changeNote: 'Así, {business} podrá volver a escribirle.',
    backIn: 'Le damos la bienvenida de nuevo. {business} puede volver a escribirle.',
    unknown: 'Este enlace no se puede usar.',
    unknownHelp: 'Para no recibir más mensajes, responda BAJA a cualquiera de ellos. Funciona al instante.',
  },
  hi: {
    title: 'संदेश बंद करें',
    ask: 'बस एक बार दबाइए, फिर {business} की ओर से आपको कोई संदेश नहीं आएगा।',
    stop: 'सभी संदेश बंद करें',
    done: 'हो गया। अब {business} की ओर से आपको कोई संदेश नहीं आएगा।',
    already: 'यह पहले ही हो चुका है। {business} की ओर से आपको कोई संदेश नहीं आएगा।',
    late: 'हो सकता है कि एक संदेश अभी-अभी निकल चुका हो। अगर वह आप तक पहुँचे, तो वह आख़िरी होगा।',
    change: 'मैंने अपना इरादा बदल लिया',
    changeNote: 'इससे {business} की ओर से आपको फिर संदेश आ सकेंगे।',
    backIn: 'आपका फिर से स्वागत है। अब {business} की ओर से आपको संदेश आ सकते हैं।',
    unknown: 'यह लिंक इस्तेमाल नहीं किया जा सकता।',
    unknownHelp: 'संदेश बंद करने के लिए किसी भी संदेश के जवाब में STOP लिखें। यह तुरंत लागू होता है।',
  },
};
