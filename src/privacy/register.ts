/*
 * Every table of the product: whether it holds something of customers, and what becomes of it when one of them is erased.
 * A test compares it with the database, so that a new table cannot be forgotten; the records of processing are written
 * from it.
 */

/**
 * - `deleted` the rows go
 * - `emptied` rows that others count or point to stay, without what was personal in them
 * - `kept` stays as it is, for the reason given
 * - `none` nothing of customers is in it
 */
export type OnErasure = 'deleted' | 'emptied' | 'kept' | 'none';

export interface Entry {
  erasure: OnErasure;
  /** What of customers is in it, or why there is nothing; what keeps it. */
  about: string;
}

const none = (about: string): Entry => ({ erasure: 'none', about });
const deleted = (about: string): Entry => ({ erasure: 'deleted', about });
const emptied = (about: string): Entry => ({ erasure: 'emptied', about });
const kept = (about: string): Entry => ({ erasure: 'kept', about });

export const REGISTER: Readonly<Record<string, Entry>> = {
  persons: emptied('name, language, time zone and possible places'),
  addresses: deleted('phone numbers, with the id that WhatsApp hides one behind, and mailboxes'),
  service_windows: deleted('when a customer last wrote on WhatsApp'),
  whatsapp_openings: deleted('when a customer was last written to on WhatsApp outside their window'),
  suppressions: kept('a keyed hash of an address, only used to prevent contact; nobody can read the address from it'),
  consents: kept('the words agreed to, when and through which door: proof, of a person who has no name any more'),
  leads: emptied('what the enquiry is about, what the assistant noted (encrypted), and its id at the door it came by'),
  scores: kept('how many points an enquiry scored, factor by factor: numbers'),
  enquiries: deleted('each enquiry as it was made (encrypted)'),
  imports: kept(
    'files of leads that were brought in (encrypted, for a day at most), then only what was confirmed of them',
  ),
  import_rows: deleted('rows of such files (encrypted) until they are leads, and which lead each became'),
  external_ids: deleted('ids under which other systems know somebody'),
  lead_terms: deleted('words of names, numbers and enquiries to search by'),
  enrolments: kept('which follow-up ran from when to when; ids and times'),
  messages: emptied('the words of messages (encrypted), and which address they went to'),
  sends: kept("attempts to send: ids of the gateway's, times and outcomes"),
  conversations: deleted('who owes an answer, and who gives it'),
  drafts: deleted('what the assistant would have answered (encrypted)'),
  bookings: deleted('appointments'),
  media: deleted('pictures, voice notes and documents of customers (encrypted)'),
  slack_notes: deleted('where messages are told of in Slack'),
  slack_threads: deleted('where the card of a lead is in Slack'),
  urgent_posts: deleted('where managers were told of a lead that cannot wait'),
  assets: deleted('licence photos (encrypted)'),
  blobs: deleted('where licence photos lie in an object store'),
  upload_links: deleted('one-time links for photos'),
  private_links: deleted('one-time links that show a photo or an export'),
  event_details: deleted('private parts of events (encrypted)'),
  webhook_log: emptied('raw messages as the gateway delivered them (encrypted)'),
  effects: deleted('what is still to be shown or done; ids'),
  mail_letters: deleted('which e-mails answer which, and what they were called (encrypted)'),
  mail_signals: kept('that an e-mail was opened or a link in it followed, and when first'),
  events: kept('what happened: facts and ids, in a log that is sealed'),
  erasures: kept('that a person was erased, by whom and when; ids and numbers'),
  deletion_receipts: kept(
    'what services were asked to delete of an erased person, and how much they did; the address (encrypted) until they answered',
  ),
  erasure_posts: kept('where colleagues were asked about an erasure; the posts no longer name anybody'),
  erasure_cards: kept('cards that are still to be emptied; ids'),
  report_leads: kept('what a lead adds to the figures; ids and dates'),
  report_days: none('figures that add up'),
  report_spans: none('the same by weeks and months'),
  report_people: none('the same by colleague, for leaderboards'),
  report_open: none('how many leads are open, and what they may be worth'),
  report_generations: none('how far the log has been counted'),
  digests: none('which digests were decided on'),
  alerts: none('what somebody should look at, by kind, and who acknowledged it'),
  alert_items: kept('what is so now; ids, codes and times, which go when it is over'),
  alert_posts: none('where alerts are shown in Slack; a post names customers only while it is so'),
  retention_runs: none('when old data was last deleted'),
  form_keys: none('forms on websites: hashes of their keys'),
  lead_sources: none('ads and other systems whose leads come here: access encrypted, names of fields'),
  setting_changes: none('changes of settings, who asked and who agreed'),
  workspaces: none('Slack workspaces that installed the app (tokens encrypted)'),
  tenants: none('the business'),
  staff: none('people who work for the business'),
  founders: none('who set it up'),
  settings: none('the business’s settings'),
  logos: none('pictures that the business shows to customers'),
  accounts: none('senders'),
  linked_phones: none('phones of the business that are linked as WhatsApp Web'),
  phone_sessions: kept(
    'what WhatsApp Web keeps to stay linked, encrypted as a whole; chats of the phone may be in it, and it goes with the link',
  ),
  account_days: none('how much a business sent by each sender, counted by the day'),
  account_health: none('how senders do, counted by the hour'),
  credentials: none('a business’s own access to gateways (encrypted)'),
  routes: none('which senders a business uses, in order'),
  whatsapp_templates: none('texts and their approval'),
  feeds: none('how far the activity feed was posted'),
  busy_times: none('when staff are not to be booked'),
  seals: none('hashes over the log'),
  seal_rounds: none('hashes over the log'),
  seal_witnesses: none('where heads of the log were shown'),
  api_keys: none('keys to the API, by hash'),
  api_sign_ins: none('who is signed in to the API'),
  api_answers: none('what requests to the API were answered, for a day: ids (encrypted)'),
  hooks: none('who else hears of what happens; their secrets encrypted'),
  hook_deliveries: none('which events were delivered to others; ids'),
  platform_keys: none('keys, wrapped'),
  sandbox_state: none('the clock of the sandbox'),
  agenda_jobs: none('ticks'),
  installation: none('which server the database was last seen on'),
  restores: none('that the database was restored from a backup'),
  migrations: none('which migrations ran'),
};
