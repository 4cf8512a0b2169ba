" `:make` checks the agreement and fills the quickfix list.
if exists("current_compiler")
  finish
endif
let current_compiler = "sla"
CompilerSet makeprg=sla\ check\ --message-format\ short\ %:S
CompilerSet errorformat=%f:%l:%c:\ %trror[%*[^]]]:\ %m,%f:%l:%c:\ %tarning[%*[^]]]:\ %m,%f:%l:%c:\ %tdvice[%*[^]]]:\ %m,%f:%l:%c:\ %tote[%*[^]]]:\ %m,%-G%.%#
