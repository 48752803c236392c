# Every EQ-5D-5L set over every 61st state and every Y-3L set over all states, by the R package eq5d
# (github.com/fragla/eq5d, MIT): Rscript tests/golden/eq5d/make_eq5d.R FOLDER, FOLDER holding its R/ files and R/sysdata.rda.
folder <- commandArgs(trailingOnly = TRUE)[1]
for (f in list.files(file.path(folder, "R"), pattern = "[.]R$", full.names = TRUE)) try(source(f), silent = TRUE)
load(file.path(folder, "R", "sysdata.rda"))
states <- function(n) as.matrix(expand.grid(AD = 1:n, PD = 1:n, UA = 1:n, SC = 1:n, MO = 1:n)[, 5:1])
by <- function(f, sets, at) sapply(sets, function(v) apply(at, 1, function(x) f(x, country = v, digits = 6)))
write <- function(found, at, name) write.csv(data.frame(state = apply(at, 1, paste, collapse = ""), found,
  check.names = FALSE), file.path("tests/golden/eq5d", name), row.names = FALSE, quote = FALSE)
five <- states(5)[seq(1, 3125, by = 61), ]
write(by(eq5d5l, colnames(VT), five), five, "eq5d5l.csv")
three <- states(3)
write(by(eq5dy3l, colnames(Y3L), three), three, "eq5dy3l.csv")
cat(R.version.string, "\n")
