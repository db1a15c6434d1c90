#include "web/newsletter.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "notifications/mime_text.h"
#include "storage/calls.h"
#include "storage/documents.h"
#include "storage/publication_slots.h"
#include "web/text.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/xml_tree.h"

namespace aiguillage::web {

namespace {

constexpr std::size_t kLetterTitleMax = 254, kLetterLineMax = 300;  // characters
constexpr const char* kSheet = "training_sheet";
constexpr const char* kLineOfSheet = "catchphrase";

// What is said of a training in a line: its catchphrase, by its own sheet.
std::string LineOf(storage::Session& session, std::int64_t project) {
  const auto sheet = storage::LatestDocument(session, project, kSheet);
  if (!sheet || !sheet->answers.is_object()) return "";
  const auto found = sheet->answers.find(kLineOfSheet);
  if (found == sheet->answers.end() || !found->is_string()) return "";
  return notifications::CleanLine(found->get<std::string>(), kLetterLineMax);
}

// An address that is nothing but one, in HTML and between < > in Markdown.
std::string PlainAddress(const std::string& url) {
  if (!url.starts_with("https://")) return "";
  const bool plain = std::all_of(url.begin(), url.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > ' ' && byte < 0x7F && c != '<' && c != '>' && c != '"' && c != '\\' && c != '`';
  });
  return plain ? url : "";
}

// Every sign that CommonMark gives a meaning inside a line, and what GitHub makes a link of.
std::string MarkdownText(const std::string& text) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '[' || c == ']') {  // escaped, some readers take them for a link inside a link's text
      escaped += c == '[' ? "&#91;" : "&#93;";
      continue;
    }
    const bool scheme = c == ':' && text.compare(i + 1, 1, "/") == 0;
    const bool host = c == '.' && i >= 3 && Lower(text.substr(i - 3, 3)) == "www";
    const bool plain =
        c == '\0' || std::string_view("\\`*_{}<>#!|~&$^@").find(c) == std::string_view::npos;
    if (!plain || scheme || host) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string NothingWords(const Newsletter& letter) {
  return "Aucune formation n’a été publiée en " + workflows::MonthWords(letter.month) + ".";
}

std::string SinceWords(const NewsletterItem& item) {
  return "en ligne depuis le " + FrenchIsoDate(item.day);
}

}  // namespace

std::string Newsletter::Title() const {
  return "Les formations publiées en " + workflows::MonthWords(month);
}

bool IsMonth(const std::string& text) {
  return text.size() == 7 && text >= "2000-01" && !workflows::MonthWords(text).empty();
}

std::string MonthAfter(const std::string& month, int months) {
  const int count = std::stoi(month.substr(0, 4)) * 12 + std::stoi(month.substr(5)) - 1 + months;
  char text[24];
  std::snprintf(text, sizeof text, "%04d-%02d", count / 12, count % 12 + 1);
  return text;
}

Newsletter ReadNewsletter(storage::Session& session, const std::string& month,
                          const std::string& today, const CallsShown& shown) {
  Newsletter letter{month, {}};
  std::map<std::string, NewsletterGroup> groups;
  const std::string last = std::min(month + "-31", today);
  for (const auto& project :
       storage::PublishedBetween(session, month + "-01", last, shown.Listed())) {
    groups[project.collection].items.push_back(
        {project.number, notifications::CleanLine(project.title, kLetterTitleMax),
         LineOf(session, project.id), PlainAddress(project.course_url), project.publication_on});
  }
  for (const auto& collection : storage::Collections(session)) {
    const auto found = groups.find(collection.slug);
    if (found == groups.end()) continue;
    found->second.label = notifications::CleanLine(collection.label, kLetterTitleMax);
    letter.groups.push_back(std::move(found->second));
    groups.erase(found);
  }
  for (auto& [slug, group] : groups) {  // without one, or of one that no list knows any more
    group.label = slug.empty() ? "Sans collection" : slug;
    letter.groups.push_back(std::move(group));
  }
  return letter;
}

std::string MarkdownOf(const Newsletter& letter) {
  std::string text = "# " + letter.Title() + "\n";
  if (letter.groups.empty()) return text + "\n" + NothingWords(letter) + "\n";
  for (const auto& group : letter.groups) {
    text += "\n## " + MarkdownText(group.label) + "\n\n";
    for (const auto& item : group.items) {
      const std::string title = MarkdownText(item.title);
      text +=
          "- " + (item.url.empty() ? "**" + title + "**" : "[" + title + "](<" + item.url + ">)");
      if (!item.description.empty()) text += " : " + MarkdownText(item.description);
      text += " (" + SinceWords(item) + ")\n";
    }
  }
  return text;
}

std::string HtmlOf(const Newsletter& letter) {
  std::string text = "<h1>" + workflows::EscapedXml(letter.Title()) + "</h1>\n";
  if (letter.groups.empty())
    return text + "<p>" + workflows::EscapedXml(NothingWords(letter)) + "</p>\n";
  for (const auto& group : letter.groups) {
    text += "<h2>" + workflows::EscapedXml(group.label) + "</h2>\n<ul>\n";
    for (const auto& item : group.items) {
      const std::string title = workflows::EscapedXml(item.title);
      text += "<li>" + (item.url.empty() ? "<strong>" + title + "</strong>"
                                         : "<a href=\"" + workflows::EscapedXml(item.url) + "\">" +
                                               title + "</a>");
      if (!item.description.empty()) text += " : " + workflows::EscapedXml(item.description);
      text += " (" + SinceWords(item) + ")</li>\n";
    }
    text += "</ul>\n";
  }
  return text;
}

}  // namespace aiguillage::web
