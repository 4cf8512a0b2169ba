" Scribus uses the extension too: its files are XML and begin with `<`.
autocmd BufRead,BufNewFile *.sla if getline(1) !~# '^<' | setfiletype sla | endif
