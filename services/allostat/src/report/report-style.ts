/** Style of a report: light and dark by the reader's system, black on white in print. No external request. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1d232b;--soft:#5a6470;--rule:#d9dde2;--band:#c4473a2e;--head:#f3f5f7;--good:#2b7a4b;--bad:#b23a2e;
--l0:#1f5fbf;--l1:#c4473a;--l2:#3d8f66;--l3:#a06ac2;--l4:#b98a1d;--l5:#7b8794}
@media (prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e6e9ed;--soft:#9aa5b1;--rule:#333b45;--band:#e06b5e40;--head:#1d232b;--good:#6cc792;--bad:#f08a7d;
--l0:#6ea8ff;--l1:#f08a7d;--l2:#6cc792;--l3:#c79be6;--l4:#e3b23c;--l5:#98a3af}}
*{box-sizing:border-box}body{margin:0 auto;padding:24px;max-width:1120px;background:var(--paper);color:var(--ink);font:14px/1.5 system-ui,"DejaVu Sans",Helvetica,Arial,sans-serif}
h1{font-size:1.7em;margin:0 0 .2em}h2{font-size:1.15em;margin:2em 0 .5em}p{max-width:75ch}.soft{color:var(--soft)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{padding:4px 8px;text-align:right;border-bottom:1px solid var(--rule);white-space:nowrap}
th:first-child,td:first-child{text-align:left}thead th{background:var(--head);font-weight:600;white-space:normal;vertical-align:bottom}tr.judged td{font-weight:700}.good{color:var(--good)}.bad{color:var(--bad)}
svg{width:100%;height:auto;display:block}svg text{fill:var(--soft);font-size:12px}.grid{stroke:var(--rule);stroke-width:1}.band{fill:var(--band)}
.line{fill:none;stroke-width:1.3;stroke-linejoin:round}.line0{stroke:var(--l0);stroke-width:2.2}.line1{stroke:var(--l1)}.line2{stroke:var(--l2)}.line3{stroke:var(--l3)}.line4{stroke:var(--l4)}.line5{stroke:var(--l5)}
.dot.line1{fill:var(--l1)}.dot.line2{fill:var(--l2)}.dot.line5{fill:var(--l5)}
.key{display:flex;flex-wrap:wrap;gap:4px 18px;margin:.4em 0}.key span::before{content:"";display:inline-block;width:12px;height:12px;margin-right:6px;vertical-align:-1px;background:var(--c)}
.area0,.k0{--c:#1f5fbf}.area1,.k1{--c:#7fb0ef}.area2,.k2{--c:#3d8f66}.area3,.k3{--c:#93cfae}.area4,.k4{--c:#b98a1d}.area5,.k5{--c:#ecd08a}.area6,.k6{--c:#c4473a}.area7,.k7{--c:#eda59c}.area8,.k8{--c:#8353a8}.area9,.k9{--c:#cbaae2}.area10,.k10{--c:#5f6b78}.area11,.k11{--c:#b7c0ca}
.area{fill:var(--c)}.p0{--c:var(--l0)}.p1{--c:var(--l1)}.p2{--c:var(--l2)}.p3{--c:var(--l3)}.p4{--c:var(--l4)}.p5{--c:var(--l5)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}pre{white-space:pre-wrap;background:var(--head);padding:12px;font-size:.85em}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--rule:#bbb;--band:#c4473a2e;--head:#f3f5f7;--good:#2b7a4b;--bad:#b23a2e;--l0:#1f5fbf;--l1:#c4473a;--l2:#3d8f66;--l3:#a06ac2;--l4:#b98a1d;--l5:#7b8794}
body{font-size:9px;max-width:none;padding:0}th,td{padding:2px 4px}td:first-child{white-space:normal}.scroll{overflow:visible}section{break-inside:avoid-page}h2{break-after:avoid}@page{size:A4;margin:14mm}}
`;
