import type { Language } from './languages.ts';

interface UploadWords {
  title: string;
  heading: string;
  hint: string;
  take: string;
  picked: string;
  replace: string;
  send: string;
  sending: string;
  encrypted: string;
  deleted: string;
  once: string;
  done: string;
  doneText: string;
  used: string;
  usedText: string;
  expired: string;
  expiredText: string;
  tooLarge: string;
  badType: string;
}

/** `{customer}` is the customer's first name, `{max}` the largest file in megabytes. */
export const UPLOAD_WORDS: Record<Language, UploadWords> = {
  en: {
    title: 'Licence photo',
    heading: 'Licence photo for {customer}',
    hint: 'Lay the licence flat, in good light, and fill the frame.',
    take: 'Take a photo',
    picked: 'Photo chosen',
    replace: 'Tap to replace',
    send: 'Send the photo',
    sending: 'Sending…',
    encrypted: 'Stored encrypted',
    deleted: 'Deleted 30 days after the follow-up ends',
    once: 'This link works once',
    done: 'The photo has arrived.',
    doneText:
      'It is stored encrypted and will be deleted 30 days after the follow-up ends. If your phone kept a copy, delete it there too. You can close this page.',
    used: 'This link has been used.',
    usedText:
      'Each link takes one photo. If you have just sent yours, it arrived. To send another, ask for a new link in Slack.',
    expired: 'This link has expired.',
    expiredText: 'Each link works for one day. Ask for a new one in Slack.',
    tooLarge: 'That photo is larger than {max} MB. Take it again at a lower resolution, or send a smaller copy.',
    badType: 'That file is not a photo we can read. Take a new one with the camera.',
  },
  sv: {
    title: 'Körkortsfoto',
    heading: 'Körkortsfoto för {customer}',
    hint: 'Lägg körkortet plant i bra ljus och fyll ramen.',
    take: 'Ta ett foto',
    picked: 'Foto valt',
    replace: 'Tryck för att byta',
    send: 'Skicka fotot',
    sending: 'Skickar …',
    encrypted: 'Lagras krypterat',
    deleted: 'Raderas 30 dagar efter att uppföljningen avslutats',
    once: 'Länken fungerar en gång',
    done: 'Fotot har kommit fram.',
    doneText:
      'Det lagras krypterat och raderas 30 dagar efter att uppföljningen avslutats. Har telefonen sparat en kopia, radera den också. Du kan stänga sidan.',
    used: 'Länken är redan använd.',
    usedText:
      'Varje länk tar emot ett foto. Har du just skickat ditt så har det kommit fram. Behöver du skicka ett till, be om en ny länk i Slack.',
    expired: 'Länken har gått ut.',
    expiredText: 'Varje länk gäller i ett dygn. Be om en ny i Slack.',
    tooLarge: 'Fotot är större än {max} MB. Ta om det med lägre upplösning eller skicka en mindre kopia.',
    badType: 'Filen är inte ett foto som vi kan läsa. Ta ett nytt med kameran.',
  },
  de: {
    title: 'Führerscheinfoto',
    heading: 'Führerscheinfoto für {customer}',
    hint: 'Legen Sie den Führerschein flach in gutes Licht und füllen Sie den Rahmen.',
    take: 'Foto aufnehmen',
    picked: 'Foto ausgewählt',
    replace: 'Zum Ersetzen tippen',
    send: 'Foto senden',
    sending: 'Wird gesendet …',
    encrypted: 'Wird verschlüsselt gespeichert',
    deleted: 'Wird 30 Tage nach Ende der Nachbetreuung gelöscht',
    once: 'Der Link gilt einmal',
    done: 'Das Foto ist angekommen.',
    doneText:
      'Es wird verschlüsselt gespeichert und 30 Tage nach Ende der Nachbetreuung gelöscht. Falls Ihr Telefon eine Kopie behalten hat, löschen Sie auch diese. Sie können die Seite schließen.',
    used: 'Dieser Link wurde schon benutzt.',
    usedText:
      'Jeder Link nimmt ein Foto an. Wenn Sie Ihres gerade gesendet haben, ist es angekommen. Für ein weiteres bitten Sie in Slack um einen neuen Link.',
    expired: 'Dieser Link ist abgelaufen.',
    expiredText: 'Jeder Link gilt einen Tag. Bitten Sie in Slack um einen neuen.',
    tooLarge:
      'Das Foto ist größer als {max} MB. Nehmen Sie es mit geringerer Auflösung neu auf, oder senden Sie eine kleinere Kopie.',
    badType: 'Diese Datei ist kein lesbares Foto. Nehmen Sie mit der Kamera ein neues auf.',
  },
  es: {
    title: 'Foto del permiso',
    heading: 'Foto del permiso de conducir de {customer}',
    hint: 'Coloque el permiso en una superficie plana, con buena luz, y llene el marco.',
    take: 'Hacer una foto',
    picked: 'Foto elegida',
    replace: 'Toque para cambiarla',
    send: 'Enviar la foto',
    sending: 'Enviando…',
    encrypted: 'Se guarda cifrada',
    deleted: 'Se borra 30 días después de terminar el seguimiento',
    once: 'Este enlace sirve una sola vez',
    done: 'La foto ha llegado.',
    doneText:
      'Se guarda cifrada y se borrará 30 días después de terminar el seguimiento. Si su teléfono conservó una copia, bórrela también. Puede cerrar esta página.',
    used: 'Este enlace ya se ha usado.',
    usedText:
      'Cada enlace admite una foto. Si acaba de enviar la suya, ha llegado. Si necesita enviar otra, pida un enlace nuevo en Slack.',
    expired: 'Este enlace ha caducado.',
    expiredText: 'Cada enlace sirve durante un día. Pida uno nuevo en Slack.',
    tooLarge: 'La foto ocupa más de {max} MB. Repítala con menos resolución o envíe una copia más pequeña.',
    badType: 'Ese archivo no es una foto que podamos leer. Haga una nueva con la cámara.',
  },
  hi: {
    title: 'लाइसेंस की फ़ोटो',
    heading: '{customer} के ड्राइविंग लाइसेंस की फ़ोटो',
    hint: 'लाइसेंस को अच्छी रोशनी में सपाट रखें और पूरे फ़्रेम में लें।',
    take: 'फ़ोटो लें',
    picked: 'फ़ोटो चुन ली गई',
    replace: 'बदलने के लिए दबाएँ',
    send: 'फ़ोटो भेजें',
    sending: 'भेजी जा रही है…',
    encrypted: 'एन्क्रिप्ट करके रखी जाती है',
    deleted: 'फ़ॉलो-अप समाप्त होने के 30 दिन बाद मिटा दी जाती है',
    once: 'यह लिंक एक ही बार काम करता है',
    done: 'फ़ोटो पहुँच गई।',
    doneText:
      'यह एन्क्रिप्ट करके रखी गई है और फ़ॉलो-अप समाप्त होने के 30 दिन बाद मिटा दी जाएगी। अगर आपके फ़ोन में इसकी कॉपी रह गई हो, तो उसे भी मिटा दें। अब आप यह पेज बंद कर सकते हैं।',
    used: 'यह लिंक इस्तेमाल हो चुका है।',
    usedText:
      'हर लिंक से एक ही फ़ोटो भेजी जा सकती है। अगर आपने अभी भेजी है, तो वह पहुँच गई है। दूसरी भेजने के लिए Slack में नया लिंक माँगें।',
    expired: 'इस लिंक का समय समाप्त हो गया है।',
    expiredText: 'हर लिंक एक दिन तक काम करता है। Slack में नया लिंक माँगें।',
    tooLarge: 'फ़ोटो {max} MB से बड़ी है। कम रिज़ॉल्यूशन में दोबारा लें या छोटी कॉपी भेजें।',
    badType: 'यह फ़ाइल ऐसी फ़ोटो नहीं है जिसे हम पढ़ सकें। कैमरे से नई फ़ोटो लें।',
  },
};
