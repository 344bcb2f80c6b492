/** Labels above their fields, one column, targets of 48 px; what is wrong stands between the label and the field. */
export const FORM_STYLES = `
.enquiry{padding-top:2rem;padding-bottom:3rem;gap:1.5rem;margin-block:0 auto}
.enquiry header{display:flex;flex-direction:column;gap:.5rem}
.enquiry form{display:flex;flex-direction:column;gap:1.375rem}
.field{display:flex;flex-direction:column;gap:.375rem;min-width:0}
.field label,.consent .ask{font-weight:600;line-height:1.35}
.field label span,.consent .ask span{font-weight:400}
.field .hint{font-size:.9375rem;line-height:1.4}
.field input,.field select,.field textarea{width:100%;min-height:3rem;padding:.625rem .875rem;border:1.5px solid var(--quiet);border-radius:.75rem;
  background:var(--surface);color:var(--ink);font:inherit;line-height:1.4}
.field select{appearance:none;padding-inline-end:2.75rem;background-repeat:no-repeat;
  background-image:linear-gradient(45deg,transparent 50%,var(--quiet) 50%),linear-gradient(135deg,var(--quiet) 50%,transparent 50%);
  background-size:.4rem .4rem,.4rem .4rem;background-position:right 1.25rem center,right .85rem center}
.field textarea{min-height:7rem;resize:vertical}
.field input:focus-visible,.field select:focus-visible,.field textarea:focus-visible{outline:3px solid var(--edge);outline-offset:1px;border-color:var(--edge)}
.field .short{max-width:12rem}
.bad{padding-inline-start:.875rem;border-inline-start:3px solid var(--alarm)}
.bad input,.bad select,.bad textarea{border-color:var(--alarm)}
.wrong{color:var(--alarm);font-weight:600;font-size:.9375rem;line-height:1.4}
.summary{display:flex;flex-direction:column;gap:.5rem;padding:1rem 1.125rem;border:2px solid var(--alarm);border-radius:.875rem;background:var(--surface)}
.summary:focus{outline:none}
.summary ul{margin:0;padding-inline-start:1.125rem}
.summary a{color:var(--alarm);font-weight:600}
.consent{display:grid;grid-template-columns:auto 1fr;gap:.5rem .75rem;align-items:start}
.consent .ask,.consent .wrong{grid-column:1/-1}
.consent input{width:1.5rem;height:1.5rem;margin:.125rem 0 0;accent-color:var(--accent)}
.consent label{font-size:.9375rem;line-height:1.45;padding-bottom:.25rem}
.extra{position:absolute;inset-inline-start:-200vw;width:1px;height:1px;overflow:hidden}
.foot{display:flex;flex-direction:column;gap:.375rem;font-size:.9375rem;line-height:1.45}
.foot nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem}
.foot nav a{min-height:2.5rem;display:inline-flex;align-items:center}
.pair{display:flex;flex-direction:column;gap:1.375rem}
@media (min-width:40rem){.pair{display:grid;grid-template-columns:1fr 1fr;gap:1.25rem;align-items:end}.pair .short{max-width:none}}
`;

/** A second press while it is being sent does nothing; the page works the same without this. */
export const FORM_SCRIPT = `
(() => {
  const form = document.querySelector('form');
  const button = form.querySelector('button');
  const label = button.textContent;
  const rest = () => { button.removeAttribute('aria-busy'); button.textContent = label; };
  form.addEventListener('submit', (event) => {
    if (button.getAttribute('aria-busy') === 'true') { event.preventDefault(); return; }
    button.setAttribute('aria-busy', 'true');
    button.textContent = form.dataset.sending;
    setTimeout(rest, 15000);
  });
  addEventListener('pageshow', rest);
  document.querySelector('.summary')?.focus();
})();
`;
