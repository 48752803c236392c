# Mixed models with a random intercept: nlme::lme (REML), anova(type = "marginal"), emmeans.
# Writes mixed_data.csv (made here, seeded) and mixed.csv. Run: Rscript tests/golden/models/mixed.R
suppressMessages({library(nlme); library(emmeans)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
set.seed(20240117)
make <- function(case, patients, occasions, groups, missing, sd_patient, sd_error) {
  d <- expand.grid(occasion = 0:(occasions - 1), patient = 1:patients)
  d$group <- (d$patient * 7) %% groups
  d$y <- round(60 - 6 * d$occasion + 2 * d$group * (d$occasion > 0) + rnorm(patients, 0, sd_patient)[d$patient] +
               rnorm(nrow(d), 0, sd_error), 1)
  d <- d[runif(nrow(d)) >= missing, ]
  d$case <- case
  d
}
data <- rbind(
  make("one_group_gaps", 25, 3, 1, 0.2, 9, 6),
  make("two_groups_gaps", 40, 4, 2, 0.15, 8, 7),
  make("three_groups_full", 18, 3, 3, 0, 3, 8),
  make("nearly_no_patient_variance", 30, 3, 1, 0.1, 0.01, 8),
  make("large_patient_variance", 12, 5, 2, 0.1, 30, 1))
orthodont <- data.frame(occasion = match(Orthodont$age, c(8, 10, 12, 14)) - 1,
  patient = as.integer(factor(as.character(Orthodont$Subject))), group = as.integer(Orthodont$Sex) - 1,
  y = Orthodont$distance, case = "orthodont")
data <- rbind(data, orthodont)
write.csv(data[, c("case", "patient", "group", "occasion", "y")], file.path(here, "mixed_data.csv"), row.names = FALSE)
rows <- list()
put <- function(case, what, key, ...) rows[[length(rows) + 1]] <<- data.frame(case = case, what = what, key = key, ...)
control <- lmeControl(msMaxIter = 500, tolerance = 1e-12, msTol = 1e-14, niterEM = 200, opt = "optim", reltol = 1e-15)
num <- function(value, se = NA, df = NA, df2 = NA, t = NA, p = NA, low = NA, high = NA)
  data.frame(value = value, se = se, df = df, df2 = df2, t = t, p = p, low = low, high = high)
for (case in unique(data$case)) {
  d <- data[data$case == case, ]
  d$o <- factor(d$occasion); d$g <- factor(d$group); d$patient <- factor(d$patient)
  grouped <- nlevels(d$g) > 1
  f <- if (grouped) y ~ o * g else y ~ o
  m <- lme(f, random = ~ 1 | patient, data = d, method = "REML", control = control)
  put(case, "fit", "patient_sd", num(as.numeric(attr(corMatrix(m$modelStruct$reStruct)[[1]], "stdDev")) * m$sigma))
  put(case, "fit", "residual_sd", num(m$sigma))
  put(case, "fit", "log_likelihood", num(as.numeric(logLik(m))))
  tt <- summary(m)$tTable
  for (i in seq_len(nrow(tt))) put(case, "fixed", rownames(tt)[i],
    num(tt[i, "Value"], tt[i, "Std.Error"], tt[i, "DF"], NA, tt[i, "t-value"], tt[i, "p-value"]))
  a <- anova(m, type = "marginal")
  for (i in rownames(a)) put(case, "default_coding", i, num(a[i, "F-value"], NA, a[i, "numDF"], a[i, "denDF"], NA, a[i, "p-value"]))
  old <- options(contrasts = c("contr.sum", "contr.poly"))
  ms <- lme(f, random = ~ 1 | patient, data = d, method = "REML", control = control)
  a <- anova(ms, type = "marginal")
  for (i in rownames(a)) put(case, "sum_coding", i, num(a[i, "F-value"], NA, a[i, "numDF"], a[i, "denDF"], NA, a[i, "p-value"]))
  options(old)
  e <- if (grouped) emmeans(m, ~ o * g) else emmeans(m, ~ o)
  s <- as.data.frame(summary(e, infer = TRUE))
  # emmeans gives the reference group patients - 1; here every group has patients - groups, so the limits use that.
  df_mean <- nlevels(d$patient) - nlevels(d$g)
  for (i in seq_len(nrow(s))) {
    q <- qt(0.975, df_mean)
    put(case, "mean", paste(if (grouped) s$g[i] else 0, s$o[i]),
        num(s$emmean[i], s$SE[i], s$df[i], NA, NA, NA, s$emmean[i] - q * s$SE[i], s$emmean[i] + q * s$SE[i]))
  }
  byg <- if (grouped) emmeans(m, ~ o | g) else emmeans(m, ~ o)
  k <- as.data.frame(summary(contrast(byg, "trt.vs.ctrl1", adjust = "none"), infer = TRUE, adjust = "none"))
  for (i in seq_len(nrow(k))) put(case, "change", paste(if (grouped) k$g[i] else 0, k$contrast[i]),
    num(k$estimate[i], k$SE[i], k$df[i], NA, k$t.ratio[i], k$p.value[i], k$lower.CL[i], k$upper.CL[i]))
  if (grouped) {
    i2 <- as.data.frame(summary(contrast(emmeans(m, ~ o * g), interaction = c(o = "trt.vs.ctrl1", g = "revpairwise"), adjust = "none"),
                        infer = TRUE, adjust = "none"))
    for (i in seq_len(nrow(i2))) put(case, "change_difference", paste(i2$o_trt.vs.ctrl1[i], i2$g_revpairwise[i]),
      num(i2$estimate[i], i2$SE[i], i2$df[i], NA, i2$t.ratio[i], i2$p.value[i], i2$lower.CL[i], i2$upper.CL[i]))
  }
}
out <- do.call(rbind, rows)
for (column in c("value", "se", "df", "df2", "t", "p", "low", "high")) out[[column]] <- sprintf("%.17g", out[[column]])
write.csv(out, file.path(here, "mixed.csv"), row.names = FALSE, quote = TRUE)
