import type { Language } from './languages.ts';

interface BookingWords {
  title: string;
  /** Above the day, as a small line. */
  yours: string;
  at: string;
  who: string;
  where: string;
  call: string;
  calendar: string;
  other: string;
  otherHelp: string;
  move: string;
  noneFits: string;
  nothingFree: string;
  askUs: string;
  cancel: string;
  cancelHelp: string;
  cancelNow: string;
  moved: string;
  taken: string;
  wished: string;
  cancelled: string;
  cancelledHelp: string;
  over: string;
  unknown: string;
  unknownHelp: string;
  /** Of the calendar entry. */
  summary: string;
  description: string;
}

/** `{business}`, `{salesperson}`, `{day}`, `{time}`, `{contact}` and `{link}` are filled in. */
export const BOOKING_WORDS: Record<Language, BookingWords> = {
  en: {
    title: 'Your appointment',
    yours: 'Your appointment',
    at: '{day}, {time}',
    who: 'With {salesperson} at {business}',
    where: 'Where: {where}',
    call: 'Call {contact}',
    calendar: 'Add to calendar',
    other: 'Another time',
    otherHelp: 'Choose one of these, it replaces the time above.',
    move: 'Move to this time',
    noneFits: 'None of these suits me',
    nothingFree: 'No other time is free right now.',
    askUs: 'Ask us to get in touch',
    cancel: 'Cancel the appointment',
    cancelHelp: 'The time is given to somebody else.',
    cancelNow: 'Cancel it now',
    moved: 'Done. This is your new time.',
    taken: 'That time has just been taken. Please choose another one.',
    wished: 'Noted. {salesperson} will get in touch about another time. Until then this one is yours.',
    cancelled: 'Your appointment is cancelled.',
    cancelledHelp: 'Would you like another one? Just write to {business} again.',
    over: 'This appointment is over.',
    unknown: 'This link cannot be used.',
    unknownHelp: 'Write to whoever sent it to you, and they will help you.',
    summary: 'Appointment with {business}',
    description: 'With {salesperson}. Another time or cancelling: {link}',
  },
  sv: {
    title: 'Din bokning',
    yours: 'Din bokade tid',
    at: '{day} kl. {time}',
    who: 'Hos {salesperson} på {business}',
    where: 'Plats: {where}',
    call: 'Ring {contact}',
    calendar: 'Lägg till i kalendern',
    other: 'Annan tid',
    otherHelp: 'Välj en av dem, så ersätter den tiden ovan.',
    move: 'Byt till den här tiden',
    noneFits: 'Ingen av dem passar',
    nothingFree: 'Just nu finns ingen annan ledig tid.',
    askUs: 'Be oss höra av oss',
    cancel: 'Avboka',
    cancelHelp: 'Tiden går då till någon annan.',
    cancelNow: 'Avboka nu',
    moved: 'Klart. Det här är din nya tid.',
    taken: 'Den tiden hann just bli bokad. Välj en annan.',
    wished: 'Noterat. {salesperson} hör av sig om en annan tid. Till dess är den här din.',
    cancelled: 'Din tid är avbokad.',
    cancelledHelp: 'Vill du ha en ny? Skriv bara till {business} igen.',
    over: 'Den här tiden har passerat.',
    unknown: 'Länken går inte att använda.',
    unknownHelp: 'Skriv till den som skickade den, så får du hjälp.',
    summary: 'Tid hos {business}',
    description: 'Hos {salesperson}. Annan tid eller avbokning: {link}',
  },
  de: {
    title: 'Ihr Termin',
    yours: 'Ihr Termin',
    at: '{day}, {time} Uhr',
    who: 'Mit {salesperson} bei {business}',
    where: 'Ort: {where}',
    call: 'Telefon: {contact}',
    calendar: 'In den Kalender',
    other: 'Andere Zeit',
    otherHelp: 'Wählen Sie eine davon, sie ersetzt die Zeit oben.',
    move: 'Auf diese Zeit verlegen',
    noneFits: 'Keine davon passt',
    nothingFree: 'Im Moment ist keine andere Zeit frei.',
    askUs: 'Bitte melden Sie sich bei mir',
    cancel: 'Termin absagen',
    cancelHelp: 'Die Zeit wird dann anderweitig vergeben.',
    cancelNow: 'Jetzt absagen',
    moved: 'Erledigt. Das ist Ihre neue Zeit.',
    taken: 'Diese Zeit wurde gerade vergeben. Bitte wählen Sie eine andere.',
    wished: 'Notiert. {salesperson} meldet sich wegen einer anderen Zeit. Bis dahin gehört Ihnen diese.',
    cancelled: 'Ihr Termin ist abgesagt.',
    cancelledHelp: 'Möchten Sie einen neuen? Schreiben Sie {business} einfach wieder.',
    over: 'Dieser Termin ist vorbei.',
    unknown: 'Dieser Link kann nicht verwendet werden.',
    unknownHelp: 'Schreiben Sie dorthin, woher er kam, dann wird Ihnen geholfen.',
    summary: 'Termin bei {business}',
    description: 'Mit {salesperson}. Andere Zeit oder Absage: {link}',
  },
  es: {
    title: 'Su cita',
    yours: 'Su cita',
    at: '{day}, {time}',
    who: 'Con {salesperson} en {business}',
    where: 'Lugar: {where}',
    call: 'Teléfono: {contact}',
    calendar: 'Añadir al calendario',
    other: 'Otra hora',
    otherHelp: 'Elija una de estas; sustituye a la de arriba.',
    move: 'Cambiar a esta hora',
    noneFits: 'Ninguna me viene bien',
    nothingFree: 'Ahora mismo no hay otra hora libre.',
    askUs: 'Pedir que me escriban',
    cancel: 'Anular la cita',
    cancelHelp: 'La hora quedará libre para otra persona.',
    cancelNow: 'Anularla ahora',
    moved: 'Hecho. Esta es su nueva hora.',
    taken: 'Esa hora acaba de ocuparse. Elija otra, por favor.',
    wished: 'Anotado. {salesperson} le escribirá para buscar otra hora. Hasta entonces, esta sigue siendo suya.',
    cancelled: 'Su cita está anulada.',
    cancelledHelp: '¿Quiere otra? Escriba de nuevo a {business}.',
    over: 'Esta cita ya ha pasado.',
    unknown: 'Este enlace no se puede usar.',
    unknownHelp: 'Escriba a quien se lo envió y le ayudarán.',
    summary: 'Cita en {business}',
    description: 'Con {salesperson}. Otra hora o anular: {link}',
  },
  hi: {
    title: 'आपकी अपॉइंटमेंट',
    yours: 'आपकी अपॉइंटमेंट',
    at: '{day}, {time}',
    who: '{business} में {salesperson} के साथ',
    where: 'जगह: {where}',
    call: 'फ़ोन: {contact}',
    calendar: 'कैलेंडर में जोड़ें',
    other: 'दूसरा समय',
    otherHelp: 'इनमें से कोई एक चुनें, वह ऊपर वाले समय की जगह ले लेगा।',
    move: 'यह समय चुनें',
    noneFits: 'इनमें से कोई ठीक नहीं',
    nothingFree: 'अभी कोई और समय ख़ाली नहीं है।',
    askUs: 'मुझसे संपर्क किया जाए',
    cancel: 'अपॉइंटमेंट रद्द करें',
    cancelHelp: 'यह समय फिर किसी और को मिल जाएगा।',
    cancelNow: 'अभी रद्द करें',
    moved: 'हो गया। यह आपका नया समय है।',
    taken: 'वह समय अभी-अभी किसी और ने ले लिया। कृपया दूसरा चुनें।',
    wished: 'नोट कर लिया। {salesperson} की ओर से दूसरे समय के लिए आपसे संपर्क किया जाएगा। तब तक यह समय आपका है।',
    cancelled: 'आपकी अपॉइंटमेंट रद्द हो गई है।',
    cancelledHelp: 'नया समय चाहिए? {business} को फिर से लिखें।',
    over: 'यह अपॉइंटमेंट बीत चुकी है।',
    unknown: 'यह लिंक इस्तेमाल नहीं किया जा सकता।',
    unknownHelp: 'जिसने यह भेजा है उसे लिखें, वहाँ से मदद मिलेगी।',
    summary: '{business} में अपॉइंटमेंट',
    description: '{salesperson} के साथ। दूसरा समय या रद्द करना: {link}',
  },
};
