import type { Lead } from '../../wire.ts';
import { useEntity, useNow } from '../state/hooks.ts';
import { chooseCustomer, setUi } from '../state/ui.ts';
import { Icon } from '../ui/icons.tsx';
import { Menu } from '../ui/menu.tsx';
import { sameClock, zoneCity } from '../words/time.ts';
import { stateTone, stateWords } from './track.ts';

/** Whose follow-up is shown, and where it stands. */
export function LeadHead(props: { lead: Lead; leads: readonly Lead[]; businessZone: string }) {
  const { lead, leads, businessZone } = props;
  const now = useNow(60_000);
  const state = useEntity('customer', lead.number ?? '')?.optedOut ? 'opted_out' : lead.state;
  const title = (each: Lead) => [each.name, each.car].filter(Boolean).join(' · ');
  return (
    <div className="lead-head">
      {leads.length > 1 ? (
        <Menu
          label={`Follow-up of ${title(lead)}; choose another`}
          className="lead-choice"
          button={
            <>
              <strong>{lead.name}</strong>
              {lead.car && <span>{lead.car}</span>}
              <Icon name="chevron" size={15} />
            </>
          }
          items={[...leads].reverse().map((each) => ({
            key: each.id,
            words: title(each),
            more: stateWords(each.state),
            run: () => (each.number ? chooseCustomer(each.number, each.id) : setUi({ lead: each.id })),
          }))}
        />
      ) : (
        <p className="lead-choice">
          <strong>{lead.name}</strong>
          {lead.car && <span>{lead.car}</span>}
        </p>
      )}
      <span className={`chip ${stateTone(state)}`}>{stateWords(state)}</span>
      <span className="lead-more">
        {lead.stage}
        {lead.owner ? `, looked after by ${lead.owner}` : ', nobody looks after it'}
        {!sameClock(lead.zone, businessZone, now) && `. Times below are ${zoneCity(lead.zone)}'s`}
      </span>
    </div>
  );
}
