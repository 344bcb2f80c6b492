import type { Language } from './languages.ts';

export interface FormPageWords {
  error: string;
  summary: string;
  optional: string;
  either: string;
  choose: string;
  missing: string;
  reach: string;
  phone: string;
  email: string;
  number: string;
  money: string;
  tooLong: string;
  wrong: string;
  consentNeeded: string;
  consent: string;
  again: string;
  changed: string;
  failed: string;
  privacy: string;
  terms: string;
  done: string;
  doneText: string;
  another: string;
  closed: string;
  closedText: string;
  languages: string;
  honeypot: string;
  sending: string;
  title: string;
}

/** `{business}` is the tenant's name, `{example}` a number of its country, `{max}` the longest text in characters. */
export const FORM_WORDS: Record<Language, FormPageWords> = {
  en: {
    error: 'Error',
    summary: 'Please look at this again',
    optional: 'optional',
    either: 'E-mail or phone: one of them is enough.',
    choose: 'Please choose',
    missing: 'Please fill this in.',
    reach: 'Please write a phone number or an e-mail address, so that we can answer.',
    phone: 'That is not a phone number we can reach. Write it with the country code, for example {example}.',
    email: 'That is not an e-mail address. Write it like name@example.com.',
    number: 'Please write a whole number, for example 4.',
    money: 'Please write an amount, for example 1500.',
    tooLong: 'Please write at most {max} characters.',
    wrong: 'That could not be read. Please write it in another way.',
    consentNeeded: 'Without your agreement we may not write to you, so we cannot take your request.',
    consent: 'May we stay in touch?',
    again: 'Please press the button once more: this page was sent faster than people type, or has been open for a day.',
    changed: 'The words that you agree to have changed since you opened this page. Please read them again.',
    failed: 'That could not be sent right now. What you wrote is still here: please try again in a minute.',
    privacy: '{business} uses what you write to answer you.',
    terms: 'Terms of {business}',
    done: 'Thank you, {business} has received it.',
    doneText: 'You will get an answer as soon as somebody has seen it. You can close this page.',
    another: 'Send another one',
    closed: 'This form is closed.',
    closedText: 'Ask whoever gave you the address for another way to reach them.',
    languages: 'In other languages',
    honeypot: 'Leave this empty',
    sending: 'Sending…',
    title: 'Form',
  },
  sv: {
    error: 'Fel',
    summary: 'Titta en gång till på det här',
    optional: 'valfritt',
    either: 'E-post eller telefon: det räcker med en av dem.',
    choose: 'Välj',
    missing: 'Fyll i det här.',
    reach: 'Skriv ett telefonnummer eller en e-postadress så att vi kan svara.',
    phone: 'Det är inget telefonnummer som vi kan nå. Skriv det med landsnummer, till exempel {example}.',
    email: 'Det är ingen e-postadress. Skriv den som namn@example.com.',
    number: 'Skriv ett heltal, till exempel 4.',
    money: 'Skriv ett belopp, till exempel 1500.',
    tooLong: 'Skriv högst {max} tecken.',
    wrong: 'Det gick inte att läsa. Skriv det på ett annat sätt.',
    consentNeeded: 'Utan ditt samtycke får vi inte skriva till dig, och då kan vi inte ta emot din förfrågan.',
    consent: 'Får vi hålla kontakten?',
    again:
      'Tryck på knappen en gång till: sidan skickades snabbare än någon hinner skriva, eller har varit öppen i ett dygn.',
    changed: 'Texten som du samtycker till har ändrats sedan du öppnade sidan. Läs den igen.',
    failed: 'Det gick inte att skicka just nu. Det du skrev finns kvar: försök igen om en minut.',
    privacy: '{business} använder det du skriver för att svara dig.',
    terms: 'Villkor hos {business}',
    done: 'Tack, {business} har fått det.',
    doneText: 'Du får svar så snart någon har sett det. Du kan stänga sidan.',
    another: 'Skicka ett till',
    closed: 'Formuläret är stängt.',
    closedText: 'Fråga den som gav dig adressen om ett annat sätt att nå dem.',
    languages: 'På andra språk',
    honeypot: 'Lämna tomt',
    sending: 'Skickar …',
    title: 'Formulär',
  },
  de: {
    error: 'Fehler',
    summary: 'Bitte sehen Sie das noch einmal an',
    optional: 'freiwillig',
    either: 'E-Mail oder Telefon: eines davon genügt.',
    choose: 'Bitte wählen',
    missing: 'Bitte füllen Sie das aus.',
    reach: 'Bitte geben Sie eine Telefonnummer oder eine E-Mail-Adresse an, damit wir antworten können.',
    phone: 'Unter dieser Nummer erreichen wir niemanden. Schreiben Sie sie mit Ländervorwahl, zum Beispiel {example}.',
    email: 'Das ist keine E-Mail-Adresse. So sieht eine aus: name@example.com.',
    number: 'Bitte schreiben Sie eine ganze Zahl, zum Beispiel 4.',
    money: 'Bitte schreiben Sie einen Betrag, zum Beispiel 1500.',
    tooLong: 'Bitte schreiben Sie höchstens {max} Zeichen.',
    wrong: 'Das war nicht zu lesen. Bitte schreiben Sie es anders.',
    consentNeeded: 'Ohne Ihre Einwilligung dürfen wir Ihnen nicht schreiben und können Ihre Anfrage nicht annehmen.',
    consent: 'Dürfen wir in Kontakt bleiben?',
    again:
      'Bitte drücken Sie noch einmal auf die Schaltfläche: Die Seite wurde schneller abgeschickt, als Menschen tippen, oder war einen Tag lang offen.',
    changed:
      'Der Text, dem Sie zustimmen, hat sich geändert, seit Sie die Seite geöffnet haben. Bitte lesen Sie ihn noch einmal.',
    failed:
      'Das ließ sich gerade nicht senden. Was Sie geschrieben haben, ist noch da: Bitte versuchen Sie es in einer Minute wieder.',
    privacy: '{business} verwendet Ihre Angaben, um Ihnen zu antworten.',
    terms: 'Bedingungen von {business}',
    done: 'Danke, {business} hat es erhalten.',
    doneText: 'Sie bekommen eine Antwort, sobald jemand es gesehen hat. Sie können diese Seite schließen.',
    another: 'Noch etwas senden',
    closed: 'Dieses Formular ist geschlossen.',
    closedText: 'Fragen Sie, von wem Sie die Adresse haben, nach einem anderen Weg.',
    languages: 'In anderen Sprachen',
    honeypot: 'Bitte leer lassen',
    sending: 'Wird gesendet …',
    title: 'Formular',
  },
  es: {
    error: 'Error',
    summary: 'Revise esto, por favor',
    optional: 'opcional',
    either: 'Correo o teléfono: basta con uno.',
    choose: 'Elija',
    missing: 'Rellene este campo.',
    reach: 'Escriba un teléfono o un correo electrónico para que podamos responder.',
    phone: 'No podemos llamar a ese número. Escríbalo con el prefijo del país, por ejemplo {example}.',
    email: 'Eso no es un correo electrónico. Escríbalo así: nombre@example.com.',
    number: 'Escriba un número entero, por ejemplo 4.',
    money: 'Escriba un importe, por ejemplo 1500.',
    tooLong: 'Escriba {max} caracteres como máximo.',
    wrong: 'No se ha podido leer. Escríbalo de otra forma.',
    consentNeeded: 'Sin su consentimiento no podemos escribirle, así que no podemos aceptar su solicitud.',
    consent: '¿Podemos seguir en contacto?',
    again: 'Pulse el botón otra vez: la página se envió más rápido de lo que se teclea, o ha estado abierta un día.',
    changed: 'El texto que acepta ha cambiado desde que abrió la página. Léalo de nuevo, por favor.',
    failed: 'Ahora no se ha podido enviar. Lo que escribió sigue aquí: inténtelo de nuevo en un minuto.',
    privacy: '{business} usa lo que escribe para responderle.',
    terms: 'Condiciones de {business}',
    done: 'Gracias, {business} lo ha recibido.',
    doneText: 'Recibirá una respuesta en cuanto alguien lo vea. Puede cerrar esta página.',
    another: 'Enviar otra',
    closed: 'Este formulario está cerrado.',
    closedText: 'Pida otra forma de contacto a quien le dio la dirección.',
    languages: 'En otros idiomas',
    honeypot: 'Déjelo vacío',
    sending: 'Enviando…',
    title: 'Formulario',
  },
  hi: {
    error: 'त्रुटि',
    summary: 'कृपया इसे फिर से देखें',
    optional: 'वैकल्पिक',
    either: 'ई-मेल या फ़ोन: एक ही काफ़ी है।',
    choose: 'चुनें',
    missing: 'कृपया इसे भरें।',
    reach: 'कृपया फ़ोन नंबर या ई-मेल पता लिखें, ताकि हम जवाब दे सकें।',
    phone: 'यह ऐसा फ़ोन नंबर नहीं है जिस पर हम पहुँच सकें। देश कोड के साथ लिखें, जैसे {example}।',
    email: 'यह ई-मेल पता नहीं है। ऐसे लिखें: name@example.com',
    number: 'कृपया पूरी संख्या लिखें, जैसे 4।',
    money: 'कृपया राशि लिखें, जैसे 1500।',
    tooLong: 'कृपया ज़्यादा से ज़्यादा {max} अक्षर लिखें।',
    wrong: 'यह पढ़ा नहीं जा सका। कृपया दूसरी तरह लिखें।',
    consentNeeded: 'आपकी सहमति के बिना हम आपको लिख नहीं सकते, इसलिए आपका अनुरोध नहीं ले सकते।',
    consent: 'क्या हम संपर्क में रहें?',
    again: 'कृपया बटन एक बार और दबाएँ: पेज टाइप करने से भी तेज़ भेजा गया, या एक दिन से खुला है।',
    changed: 'जिन शब्दों पर आप सहमति देते हैं, वे पेज खुलने के बाद बदल गए हैं। कृपया उन्हें फिर से पढ़ें।',
    failed: 'अभी भेजा नहीं जा सका। आपका लिखा हुआ यहीं है: एक मिनट में फिर से कोशिश करें।',
    privacy: 'आप जो लिखते हैं, {business} उसका उपयोग आपको जवाब देने के लिए करता है।',
    terms: '{business} की शर्तें',
    done: 'धन्यवाद, {business} को मिल गया।',
    doneText: 'किसी के देखते ही आपको जवाब मिलेगा। आप यह पेज बंद कर सकते हैं।',
    another: 'एक और भेजें',
    closed: 'यह फ़ॉर्म बंद है।',
    closedText: 'जिसने आपको पता दिया, उनसे संपर्क का दूसरा तरीका पूछें।',
    languages: 'दूसरी भाषाओं में',
    honeypot: 'इसे खाली छोड़ें',
    sending: 'भेजा जा रहा है…',
    title: 'फ़ॉर्म',
  },
};
