import { escapeMarkup } from '../text.ts';

/** What the codes in the log of webhooks mean, and what to do. */
const WORDS: Readonly<Record<string, string>> = {
  lead: 'a lead',
  test: 'a test, no lead',
  ignored: 'of a kind that makes no leads',
  opened: 'an e-mail was opened',
  clicked: 'a link in an e-mail was followed',
  delivered: 'an e-mail was delivered',
  bounced: 'an e-mail did not arrive',
  complained: 'somebody wants no more e-mails',
  nothing: 'nothing follows from it',
  unknown: 'of a kind that is not known here',
  not_understood: 'it could not be read',

  do_not_disturb: 'no lead: the person wants no messages',
  not_connected: 'nobody has connected this account. Connect it with `/rescue forms`, then retry',
  not_configured: 'this server is not set up for it',
  token_expired: 'the access has ended. Connect it again with `/rescue forms`, then retry',
  no_answer: 'its system did not answer',
  erased: 'its sender was erased, and nothing of it is kept',
  failed: 'something went wrong here',
};

/** A code in words; fields that are not right by their names. */
export function reasonWords(code: string): string {
  const [, fields] = /^invalid: (.*)$/s.exec(code) ?? [];
  if (fields !== undefined) {
    const names = fields.replaceAll('/', '');
    return `these are missing or not right: ${escapeMarkup(names)}. Say what its fields mean in \`/rescue forms\`, then retry`;
  }
  const [, refusal] = /^meta_(\d+)$/.exec(code) ?? [];
  if (refusal !== undefined) return `Meta refused it (code ${refusal})`;
  return WORDS[code] ?? escapeMarkup(code.replaceAll('_', ' '));
}
