/** Slack says no: answered as HTTP 200 with `{"ok":false,"error":code}` and, where it helps, the messages. */
export class Refusal extends Error {
  readonly code: string;
  readonly messages: readonly string[];
  /** Only a wrong app meets it. */
  readonly mistake: boolean;

  constructor(code: string, messages: readonly string[] = [], mistake = MISTAKES.has(code)) {
    super(`${code} ${messages.join(' ')}`.trim());
    this.name = 'Refusal';
    this.code = code;
    this.messages = messages;
    this.mistake = mistake;
  }
}

/**
 * Refusals that only a mistake in the app can cause, so that tests can demand none. The others (a message that is gone, a
 * hash conflict, a channel left) happen to correct apps, too.
 */
const MISTAKES: ReadonlySet<string> = new Set([
  'duplicate_external_id',
  'exchanged_trigger_id',
  'expired_trigger_id',
  'invalid_arguments',
  'invalid_auth',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_metadata_format',
  'invalid_name',
  'invalid_post_type',
  'invalid_trigger_id',
  'markdown_text_conflict',
  'metadata_too_large',
  'no_text',
  'not_allowed_token_type',
  'not_authed',
  'push_limit_reached',
  'unknown_method',
  'view_too_large',
]);
