import type { Tx } from '../db/index.ts';
import { EVERYBODY, LIVE } from './store.ts';

/** What came of one wording of a trial; everybody is counted once. */
export interface TrialCount {
  template: string;
  sent: number;
  replied: number;
  optedOut: number;
  booked: number;
  won: number;
  /** People by the channel that their message went by. */
  channels: Record<string, number>;
  /** First and last day on which one left, `YYYY-MM-DD` in the tenant's zone. */
  from: string;
  to: string;
}

/** What has come of the wordings of a trial so far; wordings that nobody has been sent are left out. */
export function readTrial(tx: Tx, trial: string): Promise<TrialCount[]> {
  const sum = (measure: string) => `coalesce(sum(n) filter (where measure = '${measure}'), 0)::bigint`;
  return tx.query<TrialCount>(
    {
      name: 'reports-trial',
      // report_days_measure
      text: `select template, sum(sent)::bigint as sent, sum(replied)::bigint as replied, sum(opted)::bigint as "optedOut",
          sum(booked)::bigint as booked, sum(won)::bigint as won, json_object_agg(channel, sent) as channels,
          to_char(min("from"), 'YYYY-MM-DD') as "from", to_char(max("to"), 'YYYY-MM-DD') as "to"
        from (select template, channel, ${sum('trial_sent')} as sent, ${sum('trial_replied')} as replied,
            ${sum('trial_opted_out')} as opted, ${sum('trial_booked')} as booked, ${sum('trial_won')} as won,
            min(day) as "from", max(day) as "to"
          from report_days where generation = ${LIVE} and tenant_id = $1 and owner_id = '${EVERYBODY}'
            and measure in ('trial_sent', 'trial_replied', 'trial_opted_out', 'trial_booked', 'trial_won') and key = $2
          group by template, channel having sum(n) > 0) by_channel
        group by template order by template`,
    },
    [tx.tenantId, trial],
  );
}
