# Table 1, attrition and safety of sample_data/misjf.csv in base R: run from this folder, `Rscript make_patients.R`.
# SMD by the printed formulas: Austin 2009 (numbers, yes/no); Yang & Dalton 2012 (more levels, generalised inverse).
d <- read.csv("../../../sample_data/misjf.csv", colClasses = "character", na.strings = "")
rows <- list()
out <- function(case, value) rows[[length(rows) + 1]] <<- data.frame(case = case, value = sprintf("%.15g", value))

analysed <- !is.na(d$vas_pain_pre) & !is.na(d$vas_pain_12m)
smd_num <- function(a, b) abs(mean(a, na.rm = TRUE) - mean(b, na.rm = TRUE)) /
  sqrt((var(a, na.rm = TRUE) + var(b, na.rm = TRUE)) / 2)
smd_two <- function(a, b) {
  p <- mean(a); q <- mean(b)
  abs(p - q) / sqrt((p * (1 - p) + q * (1 - q)) / 2)
}
smd_cat <- function(x, g) {
  t <- prop.table(table(g, x), 1)
  p <- t["TRUE", -1]; q <- t["FALSE", -1]
  s <- ((diag(p) - p %o% p) + (diag(q) - q %o% q)) / 2
  v <- p - q
  sqrt(drop(t(v) %*% solve(s) %*% v))
}
for (name in c("age", "bmi", "procedure_minutes", "eqvas_pre", "vas_pain_pre")) {
  x <- as.numeric(d[[name]])
  out(paste0("smd:", name), smd_num(x[analysed], x[!analysed]))
  y <- quantile(x[analysed], c(.5, .25, .75), type = 7, na.rm = TRUE, names = FALSE)
  out(paste0("median:", name), y[1]); out(paste0("q1:", name), y[2]); out(paste0("q3:", name), y[3])
  out(paste0("shapiro:", name), shapiro.test(x[analysed])$p.value)
}
for (name in c("sex=Female", "opioids_pre=Yes", "prior_spinal_fusion=Yes", "side=Right", "staged_bilateral=Yes")) {
  part <- strsplit(name, "=")[[1]]
  x <- d[[part[1]]] == part[2]
  out(paste0("smd:", part[1]), smd_two(x[analysed], x[!analysed]))
  out(paste0("fisher:", part[1]), fisher.test(table(analysed, x))$p.value)
  out(paste0("chisq:", part[1]), suppressWarnings(chisq.test(table(analysed, x), correct = FALSE)$p.value))
}
for (name in c("asa", "etiology", "imaging")) {
  out(paste0("smd:", name), smd_cat(d[[name]], analysed))
  out(paste0("fisher:", name), fisher.test(table(analysed, d[[name]]))$p.value)
}
out("p:age", t.test(as.numeric(d$age)[!analysed], as.numeric(d$age)[analysed])$p.value)

exact <- function(case, k, n) {
  ci <- binom.test(k, n)$conf.int
  out(paste0(case, ":count"), k); out(paste0(case, ":n"), n); out(paste0(case, ":low"), ci[1]); out(paste0(case, ":high"), ci[2])
}
a <- d[analysed, ]
exact("any event", sum(!is.na(a$adverse_event)), nrow(a))
exact("all operated", sum(!is.na(d$adverse_event)), nrow(d))
exact("operations", sum(!is.na(a$adverse_event)), nrow(a) + sum(a$staged_bilateral == "Yes"))
exact("implant_position", sum(a$implant_position == "Adequate", na.rm = TRUE), sum(!is.na(a$implant_position)))
exact("reoperation", sum(a$reoperation == "Yes"), nrow(a))
exact("Hematoma", sum(a$adverse_event == "Hematoma", na.rm = TRUE), nrow(a))

# the run of months with the largest Bernoulli likelihood ratio (Kulldorff 1997), by trying them all
month <- substr(d$surgery_date, 1, 7)
k <- tapply(analysed, month, sum); n <- tapply(analysed, month, length)
ll <- function(k, n) ifelse(k > 0, k * log(k / n), 0) + ifelse(n > k, (n - k) * log(1 - k / n), 0)
best <- c(-Inf, NA, NA)
for (i in seq_along(k)) for (j in i:length(k)) {
  x <- sum(k[i:j]); m <- sum(n[i:j]); y <- sum(k) - x; o <- sum(n) - m
  if (m < 5 || o < 5 || x / m >= y / o) next
  if (ll(x, m) + ll(y, o) > best[1]) best <- c(ll(x, m) + ll(y, o), i, j)
}
rows[[length(rows) + 1]] <- data.frame(case = "gap:first", value = names(k)[best[2]])
rows[[length(rows) + 1]] <- data.frame(case = "gap:last", value = names(k)[best[3]])
out("gap:complete", sum(k[best[2]:best[3]])); out("gap:due", sum(n[best[2]:best[3]]))
write.csv(do.call(rbind, rows), "expected.csv", row.names = FALSE, quote = FALSE)
