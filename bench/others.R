# The tests of the page Before and after, from file to result: pain and EQ VAS of a sample cohort.
data <- read.csv(commandArgs(trailingOnly = TRUE)[1])
for (name in c("vas_pain", "eqvas")) {
  both <- data[complete.cases(data[[paste0(name, "_pre")]], data[[paste0(name, "_12m")]]), ]
  change <- both[[paste0(name, "_12m")]] - both[[paste0(name, "_pre")]]
  t <- t.test(change)
  shapiro.test(change)
  w <- suppressWarnings(wilcox.test(change, exact = FALSE, correct = FALSE, conf.int = TRUE))
  cat(name, length(change), sprintf("%.12g %.12g", t$estimate, t$p.value), "\n")
}
