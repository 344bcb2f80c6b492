import { useEntity, useValues } from '../state/hooks.ts';
import { Icon } from '../ui/icons.tsx';
import { Popover } from '../ui/popover.tsx';
import { fullWords } from '../words/time.ts';

/** Shows only when the product broke a platform's rule. */
export function Violations() {
  const violations = useValues('violation');
  const zone = useEntity('scene')?.zone ?? 'UTC';
  if (violations.length === 0) return null;
  const words = violations.length === 1 ? '1 rule broken' : `${violations.length} rules broken`;
  return (
    <Popover
      label="Rules broken"
      className="top-button broken"
      tour="violations"
      button={
        <>
          <Icon name="alert" size={17} />
          <span>{words}</span>
        </>
      }
    >
      <div className="violations" role="alert">
        <h3>The real platform would have objected</h3>
        <ul>
          {[...violations].reverse().map((violation) => (
            <li key={`${violation.at}${violation.where}${violation.detail}`}>
              <p>
                <code>{violation.where}</code> <strong>{violation.code}</strong>
                <time>{fullWords(Date.parse(violation.at), zone)}</time>
              </p>
              <p>{violation.detail}</p>
            </li>
          ))}
        </ul>
      </div>
    </Popover>
  );
}
