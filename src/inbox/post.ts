import type { Database } from '../db/index.ts';
import { append } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { isId, type LeadId, type MessageId, type PersonId, type TenantId } from '../lib/ids.ts';
import type { InboundMessage, Letter, OptOuts, StatusReport } from '../messaging/index.ts';
import { lockPerson } from '../people/index.ts';

/** What our mailbox and our mail provider tell us. */
export interface Post {
  /** Takes in a letter of our mailbox. The same one again changes nothing. */
  letter(letter: Letter): Promise<void>;
  /** Somebody called one of our e-mails spam: they get no more by e-mail. */
  complaint(messageId: string): Promise<void>;
  /** An e-mail was shown, or a link of ours in it followed. Informational: programs do both by themselves. */
  signal(messageId: string, kind: 'open' | 'click'): Promise<void>;
}

export interface PostDeps {
  db: Database;
  clock: Clock;
  optOuts: OptOuts;
  receive(message: InboundMessage): Promise<void>;
  /** Applies delivery reports and lets what is due because of them leave. */
  report(report: StatusReport): Promise<void>;
}

/** One of our e-mails. */
interface Found {
  messageId: MessageId;
  tenantId: TenantId;
  personId: PersonId;
  leadId: LeadId | null;
}

export function createPost({ db, clock, optOuts, receive, report }: PostDeps): Post {
  async function find(messageId: string): Promise<Found | undefined> {
    if (!isId(messageId)) return undefined;
    const [row] = await db.system.query<Found>(
      {
        name: 'post-message',
        text: `select id as "messageId", tenant_id as "tenantId", person_id as "personId", lead_id as "leadId" from messages
          where id = $1 and channel = 'email' and direction = 'out'`,
      },
      [messageId],
    );
    return row;
  }

  async function complaint(messageId: string): Promise<void> {
    const found = await find(messageId);
    if (!found) return;
    await optOuts.run(found.tenantId, {
      personId: found.personId,
      scope: 'email',
      by: 'complaint',
      actor: 'gateway',
    });
  }

  return {
    complaint,
    async letter(letter) {
      switch (letter.kind) {
        case 'message': {
          const answers = letter.message.letter?.answers;
          await receive(letter.message);
          // whoever answers it has it: that proves an attempt of which nothing was known
          if (answers) {
            const { messageId, attempt, id } = answers;
            await report({ messageId, attempt, gatewayId: id, status: 'sent' });
          }
          return;
        }
        case 'bounce':
          return report(letter.report);
        case 'complaint':
          return complaint(letter.messageId);
        case 'other':
          return;
      }
    },
    async signal(messageId, kind) {
      const found = await find(messageId);
      if (!found) return;
      const { personId, leadId } = found;
      const now = clock.now();
      await db.inTenant(found.tenantId, async (tx) => {
        if (!(await lockPerson(tx, found.personId))) return;
        const [signal] = await tx.query<{ times: number }>(
          `insert into mail_signals (message_id, kind, tenant_id, first_at) values ($1, $2, $3, $4)
           on conflict (message_id, kind) do update set times = mail_signals.times + 1 returning times`,
          [messageId, kind, tx.tenantId, now],
        );
        if (signal?.times !== 1) return;
        await append(tx, tx.tenantId, now, 'gateway', [
          { type: 'message.signal', personId, leadId, messageId: found.messageId, data: { kind } },
        ]);
      });
    },
  };
}
