# ANCOVA (lm, emmeans for the contrasts, clubSandwich for HC2 errors with Bell-McCaffrey df, sandwich for HC3 F) and Welch
# (t.test) on seeded data. Run: Rscript tests/golden/models/ancova.R
suppressMessages({library(emmeans); library(clubSandwich); library(sandwich)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
set.seed(20240118)
make <- function(case, sizes, slopes, shift, digits) {
  do.call(rbind, lapply(seq_along(sizes), function(g) {
    x <- round(rnorm(sizes[g], 60 + 4 * g, 12), digits)
    data.frame(case = case, group = g - 1, baseline = x,
               follow_up = round(30 + slopes[g] * (x - 60) + shift[g] + rnorm(sizes[g], 0, 9), digits))
  }))
}
data <- rbind(make("two_parallel", c(24, 31), c(0.6, 0.6), c(0, -6), 1),
              make("two_crossing", c(28, 26), c(1.1, -0.2), c(0, 5), 0),
              make("four_uneven", c(3, 14, 40, 9), rep(0.4, 4), c(0, 3, 7, -2), 1),
              make("three_crossing", c(15, 20, 18), c(1, 0, -1), c(0, 3, -4), 1),
              make("tiny", c(3, 3), c(0.5, 0.5), c(0, 2), 0))
write.csv(data, file.path(here, "ancova_data.csv"), row.names = FALSE)
rows <- list()
put <- function(case, what, key, ...) rows[[length(rows) + 1]] <<- data.frame(case = case, what = what, key = key, ...)
num <- function(value, se = NA, df = NA, df2 = NA, t = NA, p = NA, low = NA, high = NA)
  data.frame(value = value, se = se, df = df, df2 = df2, t = t, p = p, low = low, high = high)
robust <- function(case, what, key, model, l) {  # HC2 = CR2 with every patient a cluster; Satterthwaite = Bell-McCaffrey
  k <- linear_contrast(model, vcov = "CR2", cluster = seq_len(nobs(model)), contrasts = matrix(l, 1), level = 0.95,
                       test = "Satterthwaite")
  t <- k$Est / k$SE
  put(case, what, key, num(k$Est, k$SE, k$df, NA, t, 2 * pt(-abs(t), k$df), k$CI_L, k$CI_U))
}
pairwise <- function(case, what, model, at, label) {
  l <- emmeans(model, ~ g, at = list(baseline = at))@linfct
  for (a in seq_len(nrow(l) - 1)) for (b in (a + 1):nrow(l))
    robust(case, what, paste(label, b - 1, "-", a - 1), model, l[b, ] - l[a, ])
}
f_robust <- function(case, what, model, terms) {
  v <- vcovHC(model, "HC3")[terms, terms, drop = FALSE]; b <- coef(model)[terms]
  f <- as.numeric(t(b) %*% solve(v) %*% b) / length(b); df2 <- df.residual(model)
  put(case, what, "F", num(f, NA, length(b), df2, NA, pf(f, length(b), df2, lower.tail = FALSE)))
}
for (case in unique(data$case)) {
  d <- data[data$case == case, ]
  d$g <- factor(d$group)
  m0 <- lm(follow_up ~ baseline, d); m <- lm(follow_up ~ baseline + g, d); m2 <- lm(follow_up ~ baseline * g, d)
  l <- emmeans(m, ~ g, at = list(baseline = mean(d$baseline)))@linfct
  average <- colSums(l * as.numeric(table(d$g)) / nrow(d))
  for (i in seq_len(nrow(l))) {
    robust(case, "mean", as.character(i - 1), m, l[i, ])
    robust(case, "average", as.character(i - 1), m, l[i, ] - average)
  }
  pairwise(case, "difference", m, mean(d$baseline), "common")
  if (max(hatvalues(m)) < 1 - 1e-9) f_robust(case, "heterogeneity", m, grep("^g", names(coef(m))))
  alone <- max(hatvalues(m2)) > 1 - 1e-9   # one patient alone decides a line
  put(case, "alone", "h", num(as.numeric(alone)))
  if (!alone) f_robust(case, "slopes", m2, grep(":", names(coef(m2))))
  q <- quantile(d$baseline, c(0.25, 0.5, 0.75))
  for (i in 1:3) {
    put(case, "quartile", c("Q1", "median", "Q3")[i], num(q[[i]]))
    if (!alone) pairwise(case, "at_quartile", m2, q[[i]], c("Q1", "median", "Q3")[i])
  }
  w <- shapiro.test(residuals(m))
  put(case, "residuals", "W", num(w$statistic, p = w$p.value))
  robust(case, "slope", "b", m, as.numeric(names(coef(m)) == "baseline"))
  put(case, "sigma", "s", num(summary(m)$sigma))
  change <- d$follow_up - d$baseline
  for (level in c(0.95, 0.9)) {
    t <- t.test(change[d$group == 1], change[d$group == 0], conf.level = level)
    put(case, "welch", as.character(level), num(t$estimate[[1]] - t$estimate[[2]], t$stderr, t$parameter, NA, t$statistic,
                                                t$p.value, t$conf.int[1], t$conf.int[2]))
  }
}
out <- do.call(rbind, rows)
for (column in c("value", "se", "df", "df2", "t", "p", "low", "high")) out[[column]] <- sprintf("%.17g", out[[column]])
write.csv(out, file.path(here, "ancova.csv"), row.names = FALSE)
