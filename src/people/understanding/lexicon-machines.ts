import type { Rules } from './language.ts';

/**
 * What machines write for people who are absent, driving or closed. Only what hardly anybody types: absence alone
 * ("on holiday till Monday, can we do Tuesday?") is a person's message, absence with "for urgent matters contact" or
 * "I do not read my mail" is a machine's.
 */
export const machines = {
  en: {
    auto_reply: [
      '<!the automatic|automated|auto reply|response|responder|message|answer !on|from|button|system',
      'autoreply|autoresponse|autoresponder !on',
      'sent automatically',
      'disturb while driving',
      'not receiving notifications',
    ],
    out_of_office: [
      '^ out of office ::8 return|back|until|limited|reply|respond|urgent|assistance|returning|from',
      'out of the? office ::24 anything|if|matters|enquiries|queries|requests|issues|assistance ..3 urgent|immediate|contact|email|call',
      'out of the? office ::24 urgent|immediate matters|matter|enquiries|queries|requests|issues|assistance|attention',
      'out of the? office ::12 will|ill respond|reply|answer',
      'office|leave|vacation|holiday|desk|travelling|traveling|away|returning ::16 respond|reply|answer ..5 when|once|upon|on|after i|im|my|return ..2 return|back|returned|$',
      'away from my desk|office ::16 urgent|immediate matters|matter|enquiries|queries|requests|issues|assistance',
      'annual|parental|maternity|paternity|sick|compassionate leave ::24 respond|reply|assistance',
      'annual|parental|maternity|paternity|sick|compassionate leave ::24 urgent matters|matter|enquiries|queries|requests|issues',
      'limited|intermittent access to ..2 email|mail|emails|inbox|messages',
      'office|leave|travelling|traveling|vacation|holiday ::10 no access to ..2 email|emails|mail|inbox',
      'mailbox|inbox|account is? not monitored',
    ],
    away_message: [
      '<!for|thank for contacting !me ::14 how can we help|assist',
      '<!for|thank for contacting !me ::14 we will respond|reply|get',
      'we ..3 unavailable|closed|away right|at ::12 respond|reply|back ..3 soon|shortly',
      'your message|email|enquiry|inquiry|request has been received',
      'we will|ll? respond|reply ..3 within numtoken|24|48|one|two hours|business|working',
    ],
    driving: [
      '^ im driving ..3 ::2 ill|will get|see|reply|respond|call|text|answer ..4 back|you|later|message|there|when',
      '^ i cant talk|text right|now|driving ..2 ::3 ill|driving',
    ],
  },
  sv: {
    auto_reply: [
      'autosvar|autosvaret|automatsvar|autoreply !på|från',
      'automatiskt|automatisk svar|meddelande|autosvar !på|från',
      'frånvaromeddelande|frånvarosvar|frånvaroassistent',
    ],
    out_of_office: [
      'semester|tjänstledig|föräldraledig|sjukskriven|frånvarande|tjänsteresa|ledig ::24 brådskande|akuta|akut ..1 ärenden|frågor|fall',
      'semester|tjänstledig|föräldraledig|frånvarande|tjänsteresa ::12 läser inte|ej ..2 mejl|mail|epost',
      'frånvarande|tjänsteresa|kontoret ::14 svarar ..3 när|efter|åter ..4 åter|tillbaka',
      'inte|ej på plats|kontoret ::14 svarar|åter|brådskande|akuta ..5 tillbaka|den|ärenden|kontoret|på',
      'ledig ::6 åter på kontoret',
      'begränsad|begränsat tillgång|åtkomst till ..2 mejl|mail|epost|mejlen|mailen|eposten',
    ],
    away_message: [
      'att du|ni kontaktar|kontaktade|kontaktat ::14 hur kan vi hjälpa',
      'inte tillgängliga just ::14 återkommer|svarar ..2 snart|snarast',
      'vi har tagit|mottagit ..1 emot? ditt|er|ert|din meddelande|mejl|förfrågan',
      'går inte ..1 att svara ..1 på',
    ],
    driving: ['stör ej ..2 bilkörning|körning|bilkörningen'],
  },
  es: {
    auto_reply: [
      '<!la|su|tu|una respuesta|mensaje automática|automático !de|en',
      'este|un es? un? mensaje automático',
      'contestador|autorespuesta|autorrespuesta',
      'generado automático|automáticamente',
    ],
    out_of_office: [
      'fuera de la? oficina ::14 responderé|contestaré|acceso limitado?',
      'fuera de la? oficina ::20 urgencia|urgente|urgentes|asuntos ..4 contacte|escriba|llame|diríjase|comuníquese|contactar',
      'vacaciones|permiso|licencia ::14 responderé|contestaré',
      'vacaciones|permiso|licencia ::20 asuntos|caso|cualquier|urgencias ..3 urgente|urgentes|urgencia|contacte|escriba',
      'estoy|encuentro de baja ::20 cualquier|asuntos|caso ..3 urgencia|urgente|urgentes',
      'acceso limitado',
    ],
    away_message: [
      'por comunicarte|comunicarse|contactar|contactarnos|contactarte|escribirnos con? ::14 podemos|puedo ayudarte|ayudarle|ayudar',
      'no podemos responder|atender|contestar ::12 antes posible|brevedad',
      'hemos recibido su|tu mensaje|correo|solicitud|consulta',
      'responderemos ..5 brevedad|posible|horas',
    ],
    driving: ['no molestar ..2 conducir|conduciendo|conducción'],
  },
  de: {
    auto_reply: [
      'abwesenheitsnotiz|abwesenheitsnachricht|abwesenheitsassistent',
      '<!die|ihre|eure automatische|automatisierte ..1 antwort|nachricht !auf|von',
      'automatisch|automatisiert erstellt|generiert|versendet|verschickt|generierte|erstellte',
    ],
    out_of_office: [
      'nicht|außer im haus|hause|büro ..2 ::12 weitergeleitet|dringenden|rückkehr|vertretung',
      'nicht|außer im haus|hause|büro ..4 ::12 wieder ..1 erreichbar',
      'außer haus ::12 weitergeleitet|dringenden|rückkehr|vertretung|erreichbar',
      'abwesend ::12 weitergeleitet|erreichbar|dringenden|rückkehr|vertretung',
      'urlaub|elternzeit|mutterschutz|dienstreise ::16 weitergeleitet|dringenden|rückkehr|vertretung',
      'urlaub|elternzeit|mutterschutz|dienstreise|krankgeschrieben ::24 wenden sie|dich sich? an',
      'urlaub|dienstreise ::10 lese ..3 mails|emails|nachrichten ..1 erst|nicht|nur',
      'email|emails|mail|nachricht wird|werden nicht ..1 weitergeleitet|gelesen',
      'eingeschränkt|eingeschränkten|begrenzt|begrenzten ..1 zugriff auf ..2 mails|emails|postfach|nachrichten',
    ],
    away_message: [
      'derzeit|momentan|aktuell nicht verfügbar|erreichbar|besetzt ::14 schnell|baldmöglichst ..2 möglich|$',
      'für ihre|deine kontaktaufnahme|anfrage|nachricht ::14 wie können|kann wir|ich ..2 helfen|weiterhelfen',
      'wir haben ihre|deine nachricht|anfrage|mail|email erhalten',
      'nachricht|anfrage|mail ist bei uns eingegangen',
    ],
    driving: ['fahren|fahrt|autofahren|autofahrt nicht stören', 'nicht stören ..2 fahren|fahrt|autofahren|autofahrt'],
  },
  hi: {
    auto_reply: [
      '<!the|ka|ki automatic|automated|auto reply|message|msg !on|from',
      'स्वचालित|ऑटोमैटिक उत्तर|जवाब|संदेश|रिप्लाई',
    ],
    out_of_office: [
      'office|karyalay|कार्यालय|ऑफिस se|से bahar|बाहर ::12 wapas|vapas|वापस ::12 sampark|संपर्क|urgent|अत्यावश्यक',
      'chhutti|chutti|छुट्टी|अवकाश par|pe|पर ::12 उत्तर|जवाब दूंगा|दूंगी|देंगे',
      'chhutti|chutti|छुट्टी|अवकाश par|pe|पर ::24 sampark|संपर्क kare|karein|karen|करें',
    ],
    away_message: [
      'sampark|संपर्क karne|करने ke|के liye|लिए ::14 sahayata|madad|सहायता|मदद',
      'message|sandesh|संदेश|मैसेज mil|प्राप्त|मिल gaya|हो|गया ::10 jald|jaldi|जल्द|शीघ्र ..2 uttar|उत्तर|reply|जवाब',
    ],
  },
} satisfies Record<string, Rules>;
