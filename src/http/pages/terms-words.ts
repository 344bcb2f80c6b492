import type { Language } from './languages.ts';

interface TermsWords {
  title: string;
  heading: string;
  stop: string;
  stopText: string;
  who: string;
  whoText: string;
  call: string;
  own: string;
  languages: string;
}

/** `{business}` is the tenant's name, `{contact}` what a customer may call. */
export const TERMS_WORDS: Record<Language, TermsWords> = {
  en: {
    title: 'What you agreed to',
    heading: 'What you agreed to with {business}',
    stop: 'How to stop',
    stopText: 'Reply STOP to any message, or use the link in the first one. It works at once, on every channel.',
    who: 'Who writes to you',
    whoText:
      '{business} does, also with automated messages. When you answer, those end and a person reads what you wrote.',
    call: 'Call {contact}',
    own: 'Terms of {business}',
    languages: 'In other languages',
  },
  sv: {
    title: 'Vad du har samtyckt till',
    heading: 'Vad du har samtyckt till hos {business}',
    stop: 'Så stoppar du meddelandena',
    stopText:
      'Svara STOPP på vilket meddelande som helst, eller använd länken i det första. Det gäller direkt, i alla kanaler.',
    who: 'Vem som skriver till dig',
    whoText:
      'Det gör {business}, även med automatiska meddelanden. När du svarar upphör de, och en person läser vad du har skrivit.',
    call: 'Ring {contact}',
    own: 'Villkor hos {business}',
    languages: 'På andra språk',
  },
  de: {
    title: 'Ihre Einwilligung',
    heading: 'Ihre Einwilligung bei {business}',
    stop: 'So stoppen Sie die Nachrichten',
    stopText:
      'Antworten Sie auf eine beliebige Nachricht mit STOPP oder nutzen Sie den Link in der ersten. Das gilt sofort und für alle Kanäle.',
    who: 'Wer Ihnen schreibt',
    whoText:
      '{business} schreibt Ihnen, auch mit automatischen Nachrichten. Sobald Sie antworten, enden diese, und ein Mensch liest Ihre Antwort.',
    call: 'Telefon: {contact}',
    own: 'Bedingungen von {business}',
    languages: 'In anderen Sprachen',
  },
  es: {
    title: 'Lo que usted aceptó',
    heading: 'Lo que usted aceptó con {business}',
    stop: 'Cómo detener los mensajes',
    stopText:
      'Responda BAJA a cualquier mensaje o use el enlace del primero. Funciona al instante y en todos los canales.',
    who: 'Quién le escribe',
    whoText:
      'Le escribe {business}, también con mensajes automáticos. Cuando usted responde, esos mensajes terminan y una persona lee su respuesta.',
    call: 'Teléfono: {contact}',
    own: 'Condiciones de {business}',
    languages: 'En otros idiomas',
  },
  hi: {
    title: 'आपने किस बात की सहमति दी',
    heading: '{business} को आपने किस बात की सहमति दी',
    stop: 'संदेश कैसे बंद करें',
    stopText: 'किसी भी संदेश के जवाब में STOP लिखें, या पहले संदेश में दिया गया लिंक खोलें। यह तुरंत और सभी माध्यमों पर लागू होता है।',
    who: 'आपको संदेश कौन भेजता है',
    whoText:
      'संदेश {business} की ओर से आते हैं, जिनमें स्वचालित संदेश भी होते हैं। आपके जवाब देते ही वे बंद हो जाते हैं, और आपका जवाब कोई व्यक्ति पढ़ता है।',
    call: 'फ़ोन: {contact}',
    own: '{business} की शर्तें',
    languages: 'अन्य भाषाओं में',
  },
};
