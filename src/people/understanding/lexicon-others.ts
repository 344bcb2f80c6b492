import type { Language } from './language.ts';

/** French and Portuguese, as far as opt-outs go: people answer in their own language. */
export const romance: Language = {
  code: 'fr-pt',
  words: {
    SMS: 'sms texto textos mensagem mensagens',
    EMAIL: 'email emails mail mails courriel',
    CALL: 'appel appels ligar ligações',
    CEASE: 'arrêtez arrête arrêter cessez cesser stop stoppez pare parem parar deixe deixem',
    MSGS: `messages message sms textos texto mails mail emails email appels publicités publicité pubs pub offres démarchage spam newsletter
      mensagens mensagem msgs propaganda propagandas ligações spams contato promoções`,
    INF: `envoyer écrire contacter appeler mécrire menvoyer mappeler harceler mimportuner contactez envoyez écrivez appelez
      enviar escrever mandar ligar contatar incomodar perturbar encher`,
    LIST: 'liste listes fichier fichiers base lista cadastro',
    NUM: 'numéro données coordonnées nom número dados contato telefone',
  },
  fillers:
    'svp sil vous plait plaît merci des vos ces por favor obrigado obrigada já bonjour bonsoir immédiatement ces ses',
  openers: 'et mais donc e mas',
  rewrites: {},
  misspelt: 'désabonner mensagens arrêtez',
  harmless: ['arrêt|arrêts bus|tram|métro', 'ne pas arrêter', 'não pare|parem', 'narrêtez|narrête pas'],
  certain: {},
  negated: [],
  optOut: {
    unsubscribe: ['désabonn*|désinscri*|désabo|descadastr*|desinscrev*'],
    cease_contact: ['CEASE ..4 MSGS', 'CEASE ..3 INF'],
    ban_on_contact: [
      'ne|plus ..2 contactez|écrivez|envoyez|appelez|INF ..1 plus',
      'não ..2 mande|mandem|envie|enviem|ligue|liguem|entre|contate ..3 mais',
      'não ..1 perturbe|incomode',
    ],
    no_more: [
      'plus de|aucun ..1 MSGS',
      'não quero ..3 MSGS|receber',
      'ne veux|souhaite plus ..3 MSGS|recevoir|être|contacté',
      'chega de MSGS',
    ],
    unsubscribe_pt: ['cancelar|anular|cancelem ..1 inscrição|subscrição|assinatura'],
    remove_me: [
      'me|nos tira|tire|tirem|remove|remova|removam|remover|retire|retirar|exclui|excluir|apagar ..1 da|do|dessa|desta|de LIST|grupo',
      'tira|tire|tirem|remova|remove me|nos ..1 da|dessa|desta LIST',
      'retirez|supprimez|enlevez|effacez|retirer|supprimer ..1 moi|mon|mes|me ..3 LIST|NUM|$',
      'tire|tirem|remova|removam|apague|exclua ..1 me|meu|meus|o? ..2 NUM|LIST',
    ],
    leave_alone: [
      'laissez|laisse moi|nous tranquille|paix',
      'foutez moi|nous la? paix',
      'me deixe|deixem|deixa ..1 paz',
      'deixe|deixem me em paz',
    ],
    consent: [
      'retire|révoque|retirer ..2 consentement',
      'retiro|revogo ..3 consentimento',
      'moppose ..6 données|démarchage|traitement|prospection|publicité',
    ],
  },
  bare: { bare_clause: ['^ arrêtez|stop $'] },
  banter: [],
  limits: ['avant|après|jusque|antes|depois|hoje|amanhã|pendant'],
  forGood: 'jamais nunca',
  unsure: {},
  autoReply: { auto_reply: ['réponse|resposta automatique|automática', 'absent ..2 bureau ::12 retour'] },
  welcome: ['par|plutôt|por|prefiro SMS|EMAIL|CALL'],
};
