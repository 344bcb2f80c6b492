/** Looks of the status page: one calm column on a phone, what to try beside the facts on a desk. */
export const STATUS_STYLES = `
.sheet{width:100%;max-width:64rem;margin:0 auto}
.sheet .sender{max-width:none}
main{margin-top:3rem;display:flex;flex-direction:column;gap:2.75rem}
.lead{display:flex;flex-direction:column;gap:.625rem}
dl,dd,ol,ul{margin:0;padding:0;list-style:none}
.counts{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr));gap:1.5rem 2rem;padding:1.5rem 0;border-block:1px solid var(--line)}
.counts>div{display:flex;flex-direction:column-reverse;justify-content:flex-end;gap:.125rem}
.counts dt{color:var(--quiet);font-size:.9375rem;line-height:1.35}
.counts dd{font-size:2rem;line-height:1.15;font-weight:600;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.columns{display:grid;gap:2.75rem}
.stack{display:flex;flex-direction:column;gap:2.75rem;min-width:0}
section{display:flex;flex-direction:column;gap:1rem;min-width:0}
.tips ol{counter-reset:tip;display:flex;flex-direction:column;gap:1.125rem}
.tips li{counter-increment:tip;display:flex;gap:1rem}
.tips li>div{min-width:0}
.tips li::before{content:counter(tip);flex:none;width:1.25rem;color:var(--accent);font-weight:650;font-variant-numeric:tabular-nums}
code{font:500 .9em/1.5 ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,monospace;padding:.125em .375em;border-radius:.375em;
  background:var(--surface);box-shadow:inset 0 0 0 1px var(--line);-webkit-box-decoration-break:clone;box-decoration-break:clone;overflow-wrap:anywhere}
.long{display:block;margin:.5rem 0 .25rem;padding:.625rem .875rem;border-radius:.625rem;line-height:1.6}
.long span{display:inline-block;max-width:100%}
.checks{display:flex;flex-direction:column;gap:.875rem}
.checks li{display:flex;gap:.75rem;line-height:1.4}
.checks strong{font-weight:600}
.checks em{font-style:normal;font-weight:600;color:var(--alarm)}
.checks .quiet{display:block;font-size:.9375rem;overflow-wrap:anywhere}
.dot{flex:none;width:.625rem;height:.625rem;margin-top:.4375rem;border-radius:50%;background:var(--accent)}
.bad .dot{background:none;box-shadow:inset 0 0 0 2.5px var(--alarm)}
.places{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.875rem 2rem;line-height:1.4}
.places dt{color:var(--quiet);font-size:.9375rem}
.places dd{overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
@media (min-width:52rem){
  .columns{grid-template-columns:minmax(0,7fr) minmax(0,5fr);gap:5rem}
}
`;
