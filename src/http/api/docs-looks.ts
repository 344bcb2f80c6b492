/** Styles of the API's page, over those that all pages share. */
export const DOCS_STYLES = `
body{padding:0;display:block;font-size:1rem}
code,pre{font:.875rem/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
code{overflow-wrap:anywhere}
p code,li code,td code{padding:.1em .35em;border-radius:.375rem;background:var(--wash)}
pre{margin:0;padding:1rem 1.125rem;border-radius:.75rem;background:var(--wash);overflow-x:auto;white-space:pre;tab-size:2}
.shell{max-width:72rem;margin:auto;padding:2rem 1.25rem 6rem}
.top{display:flex;flex-direction:column;gap:1rem;max-width:44rem;margin-bottom:2.5rem}
.top .quiet{font-size:1.125rem}
nav ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.5rem}
nav a{display:inline-block;min-height:2.75rem;padding:.55rem .95rem;border:1.5px solid var(--edge);border-radius:2rem;text-decoration:none;font-weight:550}
nav a:hover{background:var(--wash)}
main{min-width:0;display:flex;flex-direction:column;gap:3.5rem}
section{display:flex;flex-direction:column;gap:1rem;scroll-margin-top:1.5rem;min-width:0}
section>h2{font-size:1.5rem;letter-spacing:-.015em}
.prose{display:flex;flex-direction:column;gap:.875rem;max-width:44rem}
.prose ol,.prose ul{margin:0;padding-inline-start:1.35rem;display:flex;flex-direction:column;gap:.375rem}
details{border-top:1px solid var(--edge)}
details:last-of-type{border-bottom:1px solid var(--edge)}
summary{display:grid;grid-template-columns:4.25rem minmax(0,1fr);gap:.125rem .75rem;align-items:baseline;padding:.9rem .25rem;cursor:pointer;list-style:none;min-height:3rem}
summary::-webkit-details-marker{display:none}
summary:hover{background:var(--wash)}
summary .say{grid-column:2;color:var(--quiet)}
summary code{font-size:.9375rem;font-weight:600}
.verb{justify-self:start;padding:.1rem .5rem;border-radius:.375rem;border:1.5px solid var(--edge);font:600 .75rem/1.5 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.02em}
.verb.write{background:var(--solid);color:var(--on-solid);border-color:var(--solid)}
.inside{display:flex;flex-direction:column;gap:1rem;padding:.25rem .25rem 1.75rem}
.inside h4{margin:.25rem 0 0;font-size:.8125rem;font-weight:650;letter-spacing:.04em;text-transform:uppercase;color:var(--quiet)}
.facts{margin:0;display:flex;flex-direction:column}
.facts>div{display:grid;gap:.125rem 1rem;padding:.5rem 0;border-top:1px solid var(--edge)}
.facts>div:first-child{border-top:0}
.facts dt{font-weight:600}
.facts dt i{font-style:normal;font-weight:400;color:var(--quiet)}
.facts dd{margin:0;color:var(--quiet)}
@media (min-width:60rem){
  .shell{display:grid;grid-template-columns:12rem minmax(0,1fr);gap:0 4rem;padding:4rem 2.5rem 8rem}
  .top{grid-column:2}
  nav{position:sticky;top:2.5rem;align-self:start;grid-row:2}
  nav ul{flex-direction:column;gap:.125rem}
  nav a{display:block;border:0;border-radius:.5rem;padding:.5rem .75rem;min-height:0}
  .facts>div{grid-template-columns:16rem minmax(0,1fr)}
  .inside{padding-inline-start:5rem}
}
@media print{details>.inside{display:flex}nav{display:none}}
`;
