" Highlighting of service level agreements, for Neovim and Vim. The keywords are those of src/syntax/forms.rs.
if exists("b:current_syntax")
  finish
endif

syntax keyword slaDeclaration agreement party dimension calendar holidays service fee constant signal metric commitment support escalation duty risk recovery maintenance exclusion report meeting notice objective proposal review amendment dispute records audit example term import template
syntax keyword slaStatement above address after agenda announce applies around at below budget by cap case cases change channel claim closed combine contact count counts covers credit cure currency decide depends do effect effective email every evidence exclude excuses expect field final for form given history impact keep kpi language largest law least likelihood means meanwhile measured milestone missing mitigate most of on open option otherwise out outcome owner pause pay phone priority promised raised reclassify remedy renews resolve respond round rpo rto scale scope shows skip source span standard starts status step takes target terminate test times timezone unit unused update use value version via waive warn when window with within work
syntax keyword slaWord as of per for during to from until while when then else if and or not in except where over before with
syntax keyword slaWord gives notify empty automatic rolling last windows calendar billing fiscal contract always year month
syntax keyword slaFunction mean share sum min max count runs joined total all any none p50 p90 p95 p99 streak previous started completed
syntax keyword slaBoolean true false

syntax match slaNumber "\v<\d[0-9_]*(\.\d+)?(pp>|\%|°[A-Za-z]|[a-z]+(\d+(ms|min|s|h))*>)?"
syntax match slaMoney "\v<\d[0-9_]*(\.\d+)? +[A-Z]{3}>"
syntax match slaDate "\v<\d{4}-\d{2}(-\d{2})?( +\d{2}:\d{2})?>"
syntax match slaDate "\v<\d{2}:\d{2}>"
syntax region slaString start=+"+ skip=+\\"+ end=+"+ oneline
syntax region slaString start=+"""+ end=+"""+
syntax region slaCode start=+'+ end=+'+ oneline
syntax match slaComment "//.*$"
syntax match slaDoc "///.*$"

highlight default link slaDeclaration Structure
highlight default link slaStatement Keyword
highlight default link slaWord Operator
highlight default link slaFunction Function
highlight default link slaBoolean Boolean
highlight default link slaNumber Number
highlight default link slaMoney Number
highlight default link slaDate Constant
highlight default link slaString String
highlight default link slaCode Special
highlight default link slaComment Comment
highlight default link slaDoc SpecialComment

let b:current_syntax = "sla"
