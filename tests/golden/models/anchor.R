# ROC area with DeLong interval (pROC), Youden cuts, mean improvement (t.test), Spearman; MDC. Seeded data.
# Run: Rscript tests/golden/models/anchor.R
suppressMessages(library(pROC))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
set.seed(20240120)
# answers 0 worse, 1 same, 2 just improved, 3 much improved; improvement in steps of 0.1
make <- function(case, n, gain) {
  a <- sample(0:3, n, replace = TRUE, prob = c(0.2, 0.3, 0.3, 0.2))
  data.frame(case = case, anchor = a, improvement = round(rnorm(n, gain * (a - 1), 15)))
}
data <- rbind(make("strong", 90, 20), make("weak", 40, 2), make("small", 14, 12),
              transform(make("coarse", 60, 12), improvement = 10 * round(improvement / 10)))
write.csv(data, file.path(here, "anchor_data.csv"), row.names = FALSE)
rows <- list()
put <- function(case, what, key, value) rows[[length(rows) + 1]] <<- data.frame(case = case, what = what, key = key, value = value)
for (case in unique(data$case)) {
  d <- data[data$case == case, ]
  r <- roc(d$anchor >= 2, d$improvement, direction = "<", levels = c(FALSE, TRUE), quiet = TRUE)
  for (level in c(0.95, 0.9)) {  # DeLong's variance on the logit
    a <- as.numeric(auc(r)); half <- qnorm((1 + level) / 2) * sqrt(var(r, method = "delong")) / (a * (1 - a))
    put(case, if (level == 0.95) "auc" else "auc90", c("low", "value", "high"), plogis(qlogis(a) + c(-half, 0, half)))
  }
  b <- coords(r, "best", best.method = "youden", ret = c("threshold", "sensitivity", "specificity", "youden"), transpose = FALSE)
  for (i in seq_len(nrow(b))) put(case, "best", paste(i, c("sensitivity", "specificity", "youden")),
    c(b$sensitivity[i], b$specificity[i], b$youden[i] - 1))
  put(case, "best_count", "n", nrow(b))
  # pROC's thresholds lie midway between observed values; the rule ">= observed c" is the next observed value above
  put(case, "best_cut", as.character(seq_len(nrow(b))), sapply(b$threshold, function(t) min(d$improvement[d$improvement > t])))
  t <- t.test(d$improvement[d$anchor == 2] / 10)
  put(case, "mean", c("value", "low", "high"), c(t$estimate, t$conf.int))
  put(case, "spearman", "rho", cor(d$anchor, d$improvement, method = "spearman"))
  x <- d$improvement / 10
  put(case, "distribution", c("sd", "half_sd", "sem", "mdc95"),
      c(sd(x), sd(x) / 2, sd(x) * sqrt(1 - 0.83), qnorm(0.975) * sqrt(2) * sd(x) * sqrt(1 - 0.83)))
  # bootstrap within class with R's own generator: a check of the method, not of the digits
  cut <- function(i, v) {
    u <- sort(unique(v)); m <- sum(i); n <- sum(!i)
    tp <- sapply(u, function(c) sum(v[i] >= c)); tn <- sapply(u, function(c) sum(v[!i] < c))
    j <- tp * n + tn * m; k <- which(j == max(j)); g <- abs(tp * n - tn * m)[k]
    u[k][which.min(g)]
  }
  i <- d$anchor >= 2
  put(case, "cut", "chosen", cut(i, d$improvement))
  boot <- replicate(4000, cut(rep(c(TRUE, FALSE), c(sum(i), sum(!i))),
                              c(sample(d$improvement[i], replace = TRUE), sample(d$improvement[!i], replace = TRUE))))
  put(case, "boot", c("mean", "sd"), c(mean(boot), sd(boot)))
}
out <- do.call(rbind, rows)
out$value <- sprintf("%.17g", out$value)
write.csv(out, file.path(here, "anchor.csv"), row.names = FALSE)
