import type { Command } from '../feature.ts';
import { directMessage, upload } from '../reports/files.ts';
import type { PrivacyDeps } from './deps.ts';

/** `/rescue privacy records`: the document that GDPR's article 30 asks for, by direct message. */
export function recordsCommand({ privacy, clock }: PrivacyDeps): Command {
  return {
    name: '/rescue privacy records',
    summary: 'Records of processing (GDPR, article 30), from how everything is set up.',
    permission: 'privacy.see',
    async run(asked) {
      const words = await privacy.records(asked.staff);
      asked.afterwards(async () => {
        const channel = await directMessage(asked.slack, asked.staff.slackUserId);
        const name = `records-of-processing-${clock.now().toISOString().slice(0, 10)}.md`;
        await upload(asked.slack, { name, title: 'Records of processing', bytes: Buffer.from(words) }, channel);
      });
      return {
        text: 'The records of processing come by direct message in a moment. Nobody of your customers is in them.',
      };
    },
  };
}
