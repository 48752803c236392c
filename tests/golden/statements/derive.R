# Statements and EQ-5D dimensions of the sample cohort, from its file alone.
# Rscript tests/golden/statements/derive.R > tests/golden/statements/expected.csv   (from the project's root)
suppressPackageStartupMessages({
  library(exactRankTests)
  library(coin)
})
source("tests/golden/intervals.R")
data <- read.csv("sample_data/misjf.csv", colClasses = "character", na.strings = "")
data <- data[!is.na(data$vas_pain_pre) & !is.na(data$vas_pain_12m), ]
answers <- c("Totally disagree", "Disagree", "Neutral", "Agree", "Totally agree")
statements <- c("complaints_reduced", "free_of_complaints", "health_improved", "qol_improved", "same_surgery_again",
                "recommend_surgery", "satisfied")
first <- data$center == "Heerlen"
say <- function(what, which, value) cat(sprintf("%s,%s,%.15g\n", what, which, value))

cat("what,which,value\n")
p_order <- p_rates <- c()
for (name in statements) {
  x <- match(data[[paste0(name, "_12m")]], answers)
  test <- wilcox.exact(x[!first], x[first], exact = TRUE)
  p_order[name] <- test$p.value
  say("U", name, unname(test$statistic))
  say("p", name, test$p.value)
  limits <- cliff_limits(x[first], x[!first])
  say("delta", name, mean(sign(outer(x[!first], x[first], "-"))))
  say("delta_low", name, limits[1])
  say("delta_high", name, limits[2])
  counts <- table(!first, x >= 4)
  expected <- outer(rowSums(counts), colSums(counts)) / sum(counts)
  p_rates[name] <- if (min(expected) < 5) fisher.test(counts)$p.value else chisq.test(counts, correct = FALSE)$p.value
  say("p_rates", name, p_rates[name])
}
m <- length(statements)
for (name in statements) { # corrected by Šidák, with intervals that hold together
  x <- match(data[[paste0(name, "_12m")]], answers)
  limits <- cliff_limits(x[first], x[!first], 0.95^(1 / m))
  say("sidak", name, 1 - (1 - p_order[name])^m)
  say("sidak_rates", name, 1 - (1 - p_rates[name])^m)
  say("delta_low_together", name, limits[1])
  say("delta_high_together", name, limits[2])
}
# three groups and more: those with at least three answers
x <- match(data$satisfied_12m, answers)
big <- data$etiology %in% names(which(table(data$etiology) >= 3))
test <- kruskal.test(x[big], factor(data$etiology[big]))
say("H", "satisfied", unname(test$statistic))
set.seed(1)
drawn <- kruskal_test(x[big] ~ factor(data$etiology[big]), distribution = approximate(nresample = 1e6))
say("p_H", "satisfied", as.numeric(pvalue(drawn)))

p_levels <- c()
for (k in 1:5) {
  before <- as.integer(substr(data$eq5d_state_pre, k, k))
  after <- as.integer(substr(data$eq5d_state_12m, k, k))
  name <- c("MO", "SC", "UA", "PD", "AD")[k]
  p_levels[name] <- perm.test(after, before, paired = TRUE, exact = TRUE)$p.value
  say("p_levels", name, p_levels[name])
  moved <- data.frame(level = factor(c(before, after), levels = 1:3, ordered = TRUE),
                      time = factor(rep(c("before", "after"), each = length(before))),
                      who = factor(rep(seq_along(before), 2)))
  z <- mh_test(level ~ time | who, data = moved, scores = list(level = 1:3))
  say("z_squared", name, unname(statistic(z))^2)
  lost <- sum(before > 1 & after == 1)
  got <- sum(before == 1 & after > 1)
  say("p_problems", name, binom.test(min(lost, got), lost + got)$p.value)
}
holm_levels <- p.adjust(p_levels, "holm")
for (name in names(holm_levels)) say("holm_levels", name, holm_levels[name])
