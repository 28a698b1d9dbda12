/** The style sheet of every page: light on paper, dark if the browser prefers dark. */
export const PAGE_STYLE = `
:root{color-scheme:light;--ink:#1d2329;--soft:#3a424a;--muted:#5d6670;--rule:#e3e7ea;--paper:#fff;--panel:#f6f7f8;
--demand:#30363d;
--better:#2b6f30;--worse:#b3202a;--even:#5d6670;--link:#005f99}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--ink:#e9ecef;--soft:#c6ccd2;--muted:#98a2ac;
--rule:#2c333a;
--paper:#14181c;--panel:#1b2026;--demand:#d5dade;--better:#74c67a;--worse:#ff8a85;--even:#98a2ac;--link:#6db9ec}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:15px/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
-webkit-text-size-adjust:100%}
main,header,footer{max-width:1720px;margin:0 auto;padding:0 clamp(16px,3.2vw,56px)}
header{padding-top:44px}
h1,h2,h3{line-height:1.25;font-weight:620;letter-spacing:-.012em;overflow-wrap:anywhere}
h1{font-size:30px;margin:0 0 6px}
h2{font-size:21px;margin:60px 0 6px;scroll-margin-top:16px}
h3{font-size:15px;margin:0;letter-spacing:0}
p{margin:0 0 12px;max-width:110ch}p,li{overflow-wrap:anywhere}
a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
.lead,.intro{color:var(--muted)}
.lead{font-size:15px;margin:0}
nav{display:flex;flex-wrap:wrap;gap:4px 20px;margin-top:20px;padding:10px 0;border-top:1px solid var(--rule);
border-bottom:1px solid var(--rule);font-size:13.5px}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{overflow-wrap:anywhere}
pre{background:var(--panel);border-radius:8px;padding:12px 16px;margin:12px 0;white-space:pre-wrap;
overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:16px 0;position:relative}
table{border-collapse:collapse;font-size:13.5px;font-variant-numeric:tabular-nums;min-width:100%}
.caption{color:var(--muted);font-size:13.5px;margin:28px 0 0;max-width:none}.caption+.scroll{margin-top:4px}
th,td{padding:6px 14px 6px 0;text-align:left;vertical-align:baseline;border-bottom:1px solid var(--rule)}
th:last-child,td:last-child{padding-right:2px}
thead td{border-bottom:1.5px solid var(--muted)}
thead th{color:var(--muted);font-weight:500;border-bottom:1.5px solid var(--muted);vertical-align:bottom}
tbody th{font-weight:450;min-width:9em}th:first-child:not([colspan]){position:sticky;left:0;background:var(--paper)}
tr.group th{padding-top:20px;color:var(--ink);font-weight:620}
.number{text-align:right;white-space:nowrap}
th.number{white-space:normal}.number+td:not(.number),.number+th:not(.number){padding-left:14px}
.faint,.unit{color:var(--muted)}.unit{font-size:12px}
.word{white-space:nowrap;font-weight:560}
.better{color:var(--better)}.worse{color:var(--worse)}.even{color:var(--even);font-weight:450}
section:first-child h2{margin-top:34px}
h2.first{margin-top:26px}
.verdicts{display:grid;gap:14px;margin:16px 0 4px}
.answer,.verdict{border-left:5px solid var(--even);background:var(--panel);border-radius:0 8px 8px 0;
padding:16px 22px 12px;margin:10px 0 4px}
.is-better{border-color:var(--better)}.is-worse{border-color:var(--worse)}
.answer p,.verdict p{max-width:110ch}
.answer .sentence{font-size:19px;line-height:1.42;font-weight:560;margin:0 0 8px}
.proof,.verdict small{color:var(--muted);font-size:13.5px}
.answer .scroll{margin:6px 0 10px}.answer th:first-child:not([colspan]){background:var(--panel)}
.caveats{margin:0 0 4px;padding-left:18px;font-size:13.5px;color:var(--muted)}.caveats li{max-width:120ch}
.verdict p{margin:0;font-size:16.5px;line-height:1.5}
.verdict small{display:block;margin-top:4px}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr));gap:30px 40px;margin:20px 0}
figure{margin:0;min-width:0}figure.full{grid-column:1/-1}
@media (min-width:1500px){.charts{grid-template-columns:1fr 1fr}figure.full{grid-column:auto}
figure.full:only-child,figure:last-child:nth-child(odd){grid-column:1/-1}}
@media screen and (max-width:1499px){figure.lone{grid-column:1/-1}}
figcaption{margin-bottom:8px}
figcaption p{color:var(--muted);font-size:13.5px;line-height:1.45;margin:2px 0 0;max-width:88ch}
figcaption{display:grid;grid-template-columns:1fr auto;gap:2px 12px;align-items:baseline}figcaption p{grid-column:1/-1}
button{font:inherit;color:var(--link);background:none;border:1px solid transparent;border-radius:5px;padding:1px 6px;
cursor:pointer}
button:hover{border-color:var(--rule)}button:focus-visible,.chart:focus-visible,.scroll:focus-visible,a:focus-visible,
input:focus-visible,select:focus-visible{outline:2px solid var(--link);outline-offset:2px}
button:disabled{color:var(--muted);cursor:default}
.menu{font-size:12px;white-space:nowrap}.menu button{color:var(--muted);padding:1px 5px}
.menu button:hover{color:var(--link)}
#controls{position:sticky;top:0;z-index:5;background:var(--paper);border-bottom:1px solid var(--rule);display:flex;
flex-wrap:wrap;gap:4px 26px;max-width:1720px;margin:0 auto;
padding:7px clamp(16px,3.2vw,56px);font-size:13px}#controls[hidden]{display:none}
#controls>div{display:flex;flex-wrap:wrap;gap:4px;align-items:center}
#controls span{color:var(--muted);margin-right:4px}#controls .hint{margin:0 0 0 8px;font-size:12px}
#controls button{border-color:var(--rule)}
#controls i{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:6px}
#controls button[aria-pressed=false]{text-decoration:line-through;color:var(--muted)}
#controls button[aria-pressed=false] i{opacity:.25}
th .sort{all:unset;cursor:pointer;border-radius:3px}th .sort:hover{text-decoration:underline}
th .sort:focus-visible{outline:2px solid var(--link);outline-offset:2px}
th[aria-sort=ascending] .sort::after{content:" ▲";font-size:.75em}
th[aria-sort=descending] .sort::after{content:" ▼";font-size:.75em}
.filter{font:inherit;font-size:13.5px;color:var(--ink);background:var(--paper);border:1px solid var(--muted);
border-radius:6px;padding:4px 10px;margin-top:14px;width:min(100%,240px)}
.sort-by{display:none;font-size:13.5px;color:var(--muted);gap:8px;align-items:center}
.sort-by select{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--muted);border-radius:6px;
padding:4px 8px;max-width:100%;min-width:0}
.chart{width:100%;min-height:60px;overflow:hidden;position:relative}.chart.time{touch-action:pan-y;cursor:crosshair}
.cursor{position:absolute;pointer-events:none;border-left:1px dashed var(--muted)}
.brush{position:absolute;pointer-events:none;background:var(--link);opacity:.16}
.cursor[hidden],.brush[hidden],figure[hidden]{display:none}
.chart svg{display:block}
.tooltip{position:fixed;z-index:9;pointer-events:none;background:var(--paper);color:var(--ink);
border:1px solid var(--rule);border-radius:6px;
padding:7px 11px;font-size:12.5px;line-height:1.5;box-shadow:0 4px 18px rgb(0 0 0/.16);max-width:320px;
font-variant-numeric:tabular-nums}
.tooltip[hidden]{display:none}
.tooltip div{display:flex;justify-content:space-between;gap:18px}.tooltip span{color:var(--muted)}
.tooltip b{font-weight:560;text-align:right}
dl{display:grid;grid-template-columns:minmax(150px,auto) 1fr;gap:7px 24px;margin:14px 0;font-size:14px}
dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere;max-width:80ch}
footer{margin-top:64px;padding-top:16px;padding-bottom:40px;color:var(--muted);font-size:13px}
footer p{border-top:1px solid var(--rule);padding-top:14px;max-width:none}
@media screen and (prefers-color-scheme:dark){
.chart path[fill="#c3c9cf"]{fill:#6c7782}.chart .role-axis-grid line{stroke:var(--rule)}
.chart .role-axis-domain line,.chart .role-axis-tick line{stroke:#49525b}
.chart .role-axis-label text,.chart .role-axis-title text{fill:var(--muted)}
.chart .role-legend-label text{fill:var(--soft)}.chart .role-legend-title text{fill:var(--muted)}
.chart [class*="note"] text{fill:var(--muted)}.chart path[stroke="#30363d"]{stroke:var(--demand)}
.chart path[fill="#30363d"]{fill:var(--demand)}}
@media (max-width:640px){figcaption{grid-template-columns:1fr}#controls{position:static}#controls .hint{display:none}
main,header,footer{padding-left:16px;padding-right:16px}header{padding-top:26px}h1{font-size:24px}h2{margin-top:44px}
dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:10px}.answer{padding:12px 14px 8px}
.answer .sentence{font-size:16.5px}tbody th{min-width:6em}.verdict p{font-size:15px}th,td{padding-right:11px}}
@media screen and (max-width:640px){.stacked,.stacked tbody,.stacked tr,.stacked tr>:first-child{display:block}
.stacked thead,.stacked tr[hidden]{display:none}.sort-by:has(+.stacked){display:flex}
.stacked tr:not(.group)>:first-child{position:static;font-weight:620;padding-top:10px;text-align:left}
.stacked td{display:flex;justify-content:space-between;gap:16px;padding-right:2px;text-align:right;white-space:normal}
.stacked .number+td:not(.number){padding-left:0}
.stacked td:not(:first-child)::before{content:attr(data-column);color:var(--muted);font-weight:450;text-align:left}}
@media print{@page{size:A4;margin:12mm}body{font-size:10.5pt}
main,header,footer{max-width:none;padding-left:0;padding-right:0}header{padding-top:0}
nav,.tooltip,.menu,.filter,.cursor,.sort-by,#controls{display:none}
h2{margin-top:26px}h2,h3,figcaption,.caption,.intro{break-after:avoid}
figure,.verdict,.intro,.caption,tr{break-inside:avoid}p{orphans:3;widows:3}.scroll{overflow:visible}
table{font-size:8.6pt}th,td{padding:4px 9px 4px 0}.charts{gap:20px 28px;grid-template-columns:1fr 1fr}
.verdict,pre{-webkit-print-color-adjust:exact;print-color-adjust:exact}footer{margin-top:24px;break-before:avoid}
.answer .sentence{font-size:12.5pt}.answer{padding:8px 14px 4px}figcaption p,.caveats,.proof{font-size:8.6pt}
dl{grid-template-columns:minmax(120px,24%) 1fr;gap:3px 16px;font-size:9pt}}
`;
