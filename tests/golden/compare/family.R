# The family of the primary outcome: each group against the patient-weighted average of all, Šidák over the groups of at
# least 10 pairs, HC2 with Bell–McCaffrey df per contrast (clubSandwich), estimates checked against the means of emmeans; Welch by t.test.
# Rscript tests/golden/compare/family.R from the top folder writes family_data.csv and family.csv.
suppressPackageStartupMessages({library(emmeans); library(clubSandwich)})
set.seed(17)
n <- c(a = 24, b = 13, c = 6, d = 40)
g <- factor(rep(names(n), n))
before <- round(pmin(10, pmax(0, rnorm(sum(n), 7, 1.4))), 1)
sd <- c(a = 1.1, b = 2.6, c = 1.9, d = 1.5)[as.character(g)]
after <- round(pmin(10, pmax(0, before * 0.5 + c(a = 0.4, b = 1.9, c = 1, d = 0.6)[as.character(g)] + rnorm(sum(n), 0, sd))), 1)
d <- data.frame(group = as.character(g), before, after)
write.csv(d, "tests/golden/compare/family_data.csv", row.names = FALSE, quote = FALSE)
out <- data.frame()
m <- lm(after ~ before + g)
emm <- emmeans(m, ~ g)
l <- emm@linfct
w <- as.numeric(n) / sum(n)
means <- summary(emm)$emmean; eff <- means - sum(w * means)
V <- vcovCR(m, cluster = seq_len(sum(n)), type = "CR2")
one <- function(kind, name, vector, size, level, x = NULL, y = NULL, share = 1) {
  r <- linear_contrast(m, V, matrix(vector, 1), level = level, test = "Satterthwaite", p_values = TRUE)
  welch <- t.test(y, x, conf.level = level)
  data.frame(kind, name, estimate = r$Est, se = r$SE, df = r$df, low = r$CI_L, high = r$CI_U, p = 1 - (1 - r$p_val)^size,
             welch = share * (mean(y) - mean(x)), welch_low = share * welch$conf.int[1],
             welch_high = share * welch$conf.int[2], welch_p = 1 - (1 - welch$p.value)^size)
}
change <- after - before
large <- n >= 10
k <- sum(large)
for (i in seq_along(n)) {
  size <- if (large[i]) k else 1
  r <- one("average", names(n)[i], l[i, ] - colSums(l * w), size, 0.95^(1 / size), change[g != names(n)[i]],
           change[g == names(n)[i]], 1 - w[i])
  stopifnot(abs(r$estimate - eff[i]) < 1e-10)
  out <- rbind(out, r)
}
k <- sum(large[-4])   # d is the reference
for (i in 1:3) {
  size <- if (large[i]) k else 1
  out <- rbind(out, one("reference d", names(n)[i], l[i, ] - l[4, ], size, 0.95^(1 / size), change[g == "d"],
                        change[g == names(n)[i]]))
}
for (column in names(out)[-(1:2)]) out[[column]] <- sprintf("%.15g", out[[column]])
writeLines(c(sprintf("# R %s, emmeans %s, clubSandwich %s", getRversion(), packageVersion("emmeans"),
                     packageVersion("clubSandwich"))), "tests/golden/compare/family.csv")
suppressWarnings(write.table(out, "tests/golden/compare/family.csv", append = TRUE, sep = ",", row.names = FALSE,
                             quote = FALSE))
