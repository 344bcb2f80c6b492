/**
 * The file field lies, invisible, over the whole frame: one large target that opens the camera, in the person's
 * language, and `:valid` says without JavaScript that a photo has been chosen.
 */
export const UPLOAD_STYLES = `
.upload{padding-top:2rem;padding-bottom:1rem;gap:1.5rem}
.upload h1{text-wrap:balance}
.upload form{display:flex;flex-direction:column;gap:1rem}
.problem{color:var(--alarm);font-weight:600}
.problem:empty{display:none}
.finder{position:relative;width:100%;aspect-ratio:856/540;border-radius:1.125rem;background:var(--surface);color:var(--accent);overflow:hidden}
.finder:focus-within{outline:3px solid var(--ink);outline-offset:3px}
.finder input{position:absolute;inset:0;width:100%;height:100%;opacity:0;cursor:pointer;z-index:3;font-size:1rem}
.finder .corners{position:absolute;inset:0;width:100%;height:100%;z-index:2;pointer-events:none}
.finder img{position:absolute;inset:0;width:100%;height:100%;object-fit:cover}
.finder img[hidden]{display:none}
.empty,.picked{position:absolute;inset:0;padding:1rem 2rem;display:flex;flex-direction:column;align-items:center;justify-content:center;gap:.25rem;text-align:center;line-height:1.4}
.empty strong,.picked strong{font-size:1.1875rem;font-weight:600}
.empty span,.picked span{font-size:.9375rem;max-width:22rem;text-wrap:balance}
.empty .icon{width:2.5rem;height:2.5rem;margin-bottom:.25rem}
.picked{display:none}
.finder input:valid~.empty{display:none}
.finder input:valid~.picked{display:flex}
.picked .again{margin-top:.5rem;padding:.25rem .875rem;border-radius:1rem;background:var(--ground);color:var(--ink);font-size:.875rem}
.finder img:not([hidden])~.picked{justify-content:flex-end}
.finder img:not([hidden])~.picked>:not(.again){display:none}
.promises{list-style:none;margin:0;padding:0;display:flex;flex-direction:column;gap:.5rem;font-size:.9375rem;line-height:1.4}
.promises li{display:flex;gap:.625rem;align-items:flex-start}
.promises .icon{flex:none;width:1.25rem;height:1.25rem;margin-top:.05rem}
`;

/** Extras for a phone with JavaScript: a preview, the size checked before it is sent, and no second press while sending. */
export const UPLOAD_SCRIPT = `
(() => {
  const form = document.querySelector('form');
  const input = form.querySelector('input[type=file]');
  const picture = form.querySelector('img');
  const problem = form.querySelector('#problem');
  const button = form.querySelector('button');
  const label = button.textContent;
  let shown;
  input.addEventListener('change', () => {
    const file = input.files[0];
    const tooLarge = file !== undefined && file.size > Number(input.dataset.max);
    input.setCustomValidity(tooLarge ? input.dataset.limit : '');
    input.setAttribute('aria-invalid', String(tooLarge));
    problem.textContent = tooLarge ? input.dataset.limit : '';
    if (shown) URL.revokeObjectURL(shown);
    shown = file && !tooLarge ? URL.createObjectURL(file) : undefined;
    picture.hidden = true;
    if (shown) picture.src = shown;
  });
  picture.addEventListener('load', () => { picture.hidden = false; });
  form.addEventListener('submit', (event) => {
    if (button.getAttribute('aria-busy') === 'true') { event.preventDefault(); return; }
    button.setAttribute('aria-busy', 'true');
    button.textContent = form.dataset.sending;
  });
  addEventListener('pageshow', () => {
    button.removeAttribute('aria-busy');
    button.textContent = label;
  });
})();
`;
