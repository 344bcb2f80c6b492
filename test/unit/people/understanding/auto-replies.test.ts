import { describe, expect, test } from '@jest/globals';
import { understand } from '../../../../src/people/understanding/index.ts';

describe('what a machine wrote beyond doubt', () => {
  test.each([
    ...[
      'I am out of the office until 9 June. For anything urgent please contact reception.',
      "I'm on parental leave and will be back on 3 March. Please contact Anna for urgent matters.",
      'Out of Office: back on 4 Jan',
      'This is an automated message, please do not reply',
      'This mailbox is not monitored. Please do not reply.',
      'Your message has been received and we will respond within 24 hours.',
      'Thank you for contacting Acme! How can we help you?',
      "I'm driving and have my notifications silenced. (I'm not receiving notifications. If this is urgent, reply “urgent”.)",
    ],
    ...[
      'Jag är på semester till den 14 augusti och läser inte min mejl.',
      'Jag är föräldraledig till den 1 juni. Vid brådskande ärenden kontakta växeln.',
      'Frånvaromeddelande: jag är tillbaka 12/8',
      'Automatiskt svar: Offert',
      'Jag kör just nu och har Stör ej under bilkörning på. Jag ser ditt meddelande när jag kommer fram.',
    ],
    ...[
      'Estaré de vacaciones hasta el 15 de agosto. Para asuntos urgentes contacte con Ana.',
      'Estoy de baja hasta nuevo aviso. Para cualquier urgencia, escriba a info@example.com',
      'Este es un mensaje automático, por favor no responda.',
      'Estoy conduciendo con No molestar al conducir activado. Veré tu mensaje cuando llegue.',
    ],
    ...[
      'Ich bin im Urlaub und lese Mails erst ab 12.8. wieder.',
      'Ich bin derzeit nicht im Haus und ab dem 4.9. wieder erreichbar. In dringenden Fällen wenden Sie sich an Frau Meier.',
      'Dies ist eine automatisch generierte Nachricht, bitte antworten Sie nicht darauf.',
      'Ich fahre gerade und habe "Beim Fahren nicht stören" aktiviert. Ich sehe Ihre Nachricht wenn ich angekommen bin.',
    ],
    ...[
      'Main office se bahar hu, 10 June ko wapas aaunga. Urgent ho to reception se sampark kare.',
      'मैं अभी कार्यालय से बाहर हूँ और 10 जून को वापस आऊँगा। अत्यावश्यक हो तो कार्यालय से संपर्क करें।',
      'यह एक स्वचालित संदेश है, कृपया उत्तर न दें।',
    ],
  ])('%s', (text) => {
    expect(understand(text).kind).toBe('auto_reply');
  });
});

describe('what a person may have typed is a message', () => {
  test.each([
    ...[
      'on holiday till Monday, can we do Tuesday?',
      "I'm out of the office today, can you call me tomorrow?",
      "I'm on vacation until the 5th, back then, can we meet the 6th?",
      "I'm away from my desk, text me the price, I'll reply later",
      'out of town back Sunday, urgent: boiler leaking',
      'do you reply within 2 hours usually?',
      'The auto reply on your website is broken',
      "you're closed right now, will someone reply soon?",
    ],
    ...[
      'är på semester nästa vecka, går veckan efter bra?',
      'Har ni någon ledig tid på fredag? Skicka svar på mejl',
      'på semester nu men skicka mejl så läser jag ikväll',
      'jag är ledig torsdag, åter på jobbet fredag så helst torsdag',
      'kör bil ring senare',
    ],
    ...[
      'estoy de vacaciones, mándame el correo con los precios',
      'salimos de vacaciones el lunes, es urgente que venga el plomero antes',
      'la respuesta automática de su web no sirve',
      'voy manejando, luego te marco',
    ],
    ...[
      'Wasser im Haus, dringend! bitte wenden Sie das Ganze schnell',
      'Die Heizung läuft nicht im Bad, kommen Sie wieder?',
      'bin im Urlaub, können wir danach telefonieren?',
      'bin gerade nicht im Auto, wann ist der Wagen wieder da',
    ],
    ...[
      'chhutti par hu, urgent ho to call karna',
      'office se bahar nikal raha hu, urgent call karo',
      'मैं छुट्टी पर हूँ पर टेस्ट ड्राइव जरूरी है',
    ],
  ])('%s', (text) => {
    expect(understand(text).kind).toBe('message');
  });
});
