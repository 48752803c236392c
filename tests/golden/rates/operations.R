# Share of operations where some are of one patient: Korn–Graubard by survey::svyciprop(method = "beta"), ids = patient.
# Where that counts more than there are operations: binom.test. Rscript tests/golden/rates/operations.R from the top folder writes operations.csv.
suppressPackageStartupMessages(library(survey))
cases <- list(
  sample_like = list(e = c(rep(1, 6), rep(0, 51)), m = c(2, 1, 1, 2, 1, 1, rep(2, 9), rep(1, 42))),
  both_sides = list(e = c(2, 2, 1, 0, 0, 0, 2, 0, 0, 1, rep(0, 20)), m = rep(2, 30)),
  many = list(e = c(rep(c(1, 0, 2, 0, 0, 1), 10)), m = rep(c(1, 1, 3, 2, 1, 2), 10))
)
out <- data.frame()
for (name in names(cases)) {
  e <- cases[[name]]$e; m <- cases[[name]]$m
  patient <- rep(seq_along(m), m)
  y <- unlist(lapply(seq_along(m), function(i) c(rep(1, e[i]), rep(0, m[i] - e[i]))))
  design <- svydesign(ids = ~patient, data = data.frame(patient, y), weights = ~1)
  for (level in c(0.95, 0.8)) {
    found <- svyciprop(~I(y == 1), design, method = "beta", level = level)
    ci <- confint(found)
    mean_ <- svymean(~y, design); n <- sum(m); k <- length(m); alpha <- 1 - level
    neff <- mean(y) * (1 - mean(y)) / vcov(mean_)[1] * (qt(alpha / 2, n - 1) / qt(alpha / 2, k - 1))^2
    if (neff > n) ci <- binom.test(sum(e), n, conf.level = level)$conf.int   # never more than there are operations
    out <- rbind(out, data.frame(case = name, level, e = paste(e, collapse = " "), m = paste(m, collapse = " "),
                                 p = mean(y), low = ci[1], high = ci[2]))
  }
}
for (column in c("p", "low", "high")) out[[column]] <- sprintf("%.15g", out[[column]])
writeLines(sprintf("# R %s, survey %s", getRversion(), packageVersion("survey")), "tests/golden/rates/operations.csv")
suppressWarnings(write.table(out, "tests/golden/rates/operations.csv", append = TRUE, sep = ",", row.names = FALSE,
                             quote = FALSE))
