import type { Database } from '../db/index.ts';
import { append } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { isId, type LeadId, type MessageId, type PersonId, type TenantId } from '../lib/ids.ts';
import type { InboundMessage, Letter, OptOuts, StatusReport } from '../messaging/index.ts';
import type { MailReport } from './port.ts';

/** What our mailbox and our mail provider tell us. */
export interface Post {
  /** Takes in a letter of our mailbox. The same one again changes nothing. */
  letter(letter: Letter): Promise<void>;
  /** Applies what a provider says of many letters: what is delivered or failed all or none. Again, it changes nothing. */
  reports(reports: readonly MailReport[]): Promise<void>;
  /** An e-mail was shown, or a link of ours in it followed. Informational: programs do both by themselves. */
  signal(messageId: string, kind: 'open' | 'click'): Promise<void>;
}

export interface PostDeps {
  db: Database;
  clock: Clock;
  optOuts: OptOuts;
  receive(message: InboundMessage): Promise<void>;
  /** Keeps a letter that nobody here can read, for people to see. */
  keep(letter: Extract<Letter, { kind: 'unreadable' }>): Promise<void>;
  /** Applies delivery reports, all or none, and lets what is due because of them leave. */
  report(reports: readonly StatusReport[]): Promise<void>;
}

/** One of our e-mails. */
interface Found {
  messageId: MessageId;
  tenantId: TenantId;
  personId: PersonId;
  leadId: LeadId | null;
}

export function createPost({ db, clock, optOuts, receive, keep, report }: PostDeps): Post {
  async function find(messageIds: readonly string[]): Promise<Found[]> {
    const ids = messageIds.filter(isId);
    if (ids.length === 0) return [];
    return db.system.query<Found>(
      {
        name: 'post-messages',
        text: `select id as "messageId", tenant_id as "tenantId", person_id as "personId", lead_id as "leadId" from messages
          where id = any($1::uuid[]) and channel = 'email' and direction = 'out'`,
      },
      [ids],
    );
  }

  /** Somebody called e-mails of ours spam, or asked the provider for no more: they get no more by e-mail. */
  async function complaints(messageIds: readonly string[]): Promise<void> {
    const people = new Map((await find(messageIds)).map((each) => [each.personId, each.tenantId]));
    for (const [personId, tenantId] of people) {
      await optOuts.run(tenantId, { personId, scope: 'email', by: 'complaint', actor: 'gateway' });
    }
  }

  async function signals(messageIds: readonly string[], kind: 'open' | 'click'): Promise<void> {
    const found = await find(messageIds);
    for (const tenantId of new Set(found.map((each) => each.tenantId))) {
      const own = found.filter((each) => each.tenantId === tenantId);
      const now = clock.now();
      await db.inTenant(tenantId, async (tx) => {
        // whoever is erased meanwhile leaves nothing behind. Only the first one counts: a report may be applied again
        const first = await tx.query<{ messageId: MessageId }>(
          {
            name: 'post-signals',
            text: `with people as materialized (
                select id from persons where id = any($1::uuid[]) order by created_at, id for update)
              insert into mail_signals (message_id, kind, tenant_id, first_at)
              select m.id, $3, m.tenant_id, $4 from messages m join people p on p.id = m.person_id
              where m.id = any($2::uuid[]) order by m.id
              on conflict (message_id, kind) do nothing returning message_id as "messageId"`,
          },
          [own.map(({ personId }) => personId), own.map(({ messageId }) => messageId), kind, now],
        );
        const fresh = new Set(first.map(({ messageId }) => messageId));
        await append(
          tx,
          tx.tenantId,
          now,
          'gateway',
          own
            .filter(({ messageId }) => fresh.has(messageId))
            .map(({ messageId, personId, leadId }) => ({
              type: 'message.signal',
              personId,
              leadId,
              messageId,
              data: { kind },
            })),
        );
      });
    }
  }

  return {
    async reports(reports) {
      const of = (what: MailReport['told']['what']) =>
        reports.filter(({ told }) => told.what === what).map(({ messageId }) => messageId);
      await complaints(of('complained')); // an opt-out waits for nothing that may fail
      await report(reports.flatMap(statusOf));
      await signals(of('opened'), 'open');
      await signals(of('clicked'), 'click');
    },
    async letter(letter) {
      switch (letter.kind) {
        case 'message': {
          const answers = letter.message.letter?.answers;
          await receive(letter.message);
          // whoever answers it has it: that proves an attempt of which nothing was known
          if (answers) {
            const { messageId, attempt, id } = answers;
            await report([{ messageId, attempt, gatewayId: id, status: 'sent' }]);
          }
          return;
        }
        case 'bounce':
          return report([letter.report]);
        case 'complaint':
          return complaints([letter.messageId]);
        case 'unreadable':
          return keep(letter);
        case 'other':
          return;
      }
    },
    signal: (messageId, kind) => signals([messageId], kind),
  };
}

/** What a provider's report is as a delivery report; other reports are none. Pure. */
function statusOf({ told, ...attempt }: MailReport): StatusReport[] {
  if (told.what === 'delivered') return [{ ...attempt, status: 'delivered' }];
  if (told.what !== 'failed') return [];
  return [{ ...attempt, status: 'failed', failure: { reason: told.reason, code: told.code } }];
}
