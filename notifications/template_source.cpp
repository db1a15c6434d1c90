#include "notifications/template_source.h"

#include <algorithm>
#include <cctype>

#include "notifications/html_place.h"

namespace aiguillage::notifications {
namespace {

constexpr std::size_t kSourceBytesMax = 256 * 1024;
constexpr std::size_t kAssembledBytesMax = 1024 * 1024;
constexpr std::size_t kInclusionDepthMax = 16;
constexpr std::size_t kSectionDepthMax = 32;

std::string_view Trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) {
    text.remove_suffix(1);
  }
  return text;
}

// Letters, digits, `_`, `-`, `/` and inner dots: `due`, `holder.name`, `_row`, `body`.
bool IsName(std::string_view name) {
  if (name.empty() || name.front() == '.' || name.back() == '.') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-' ||
           c == '/';
  });
}

Tag::Kind KindOf(char first) {
  switch (first) {
    case '#':
      return Tag::Kind::kSection;
    case '^':
      return Tag::Kind::kInverted;
    case '/':
      return Tag::Kind::kEnd;
    case '>':
      return Tag::Kind::kPartial;
    case '!':
      return Tag::Kind::kComment;
    case '&':
    case '=':
    case '{':
      return Tag::Kind::kRefused;
    default:
      return Tag::Kind::kVariable;
  }
}

Tag ReadTag(std::string_view content) {
  Tag tag;
  content = Trim(content);
  tag.kind = content.empty() ? Tag::Kind::kRefused : KindOf(content.front());
  if (tag.kind == Tag::Kind::kComment) return tag;
  if (tag.kind == Tag::Kind::kRefused) {
    const char first = content.empty() ? ' ' : content.front();
    tag.name = first == ' '   ? "balise vide"
               : first == '=' ? "le changement de délimiteurs n’est pas admis"
                              : "une valeur s’écrit {{nom}} : la sortie brute n’est pas admise";
    return tag;
  }
  tag.name = tag.kind == Tag::Kind::kVariable ? content : Trim(content.substr(1));
  if (!IsName(tag.name)) {
    tag.name = "« " + tag.name + " » n’est pas un nom (lettres, chiffres, « _ » et points)";
    tag.kind = Tag::Kind::kRefused;
  }
  return tag;
}

// `tasks.html` -> ".html"; a name without an end has "".
std::string EndOf(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? "" : name.substr(dot);
}

std::string FileOf(const std::string& name) { return name + ".mustache"; }

class SourceCheck {
 public:
  SourceCheck(const std::string& name, const std::string& text)
      : name_(name), text_(text), html_(EscapeOf(name) == Escape::kHtml) {}

  std::vector<TemplateProblem> Run() {
    if (text_.size() > kSourceBytesMax) {
      Add(0, "fichier trop grand (256 Kio au plus)");
      return problems_;
    }
    std::size_t from = 0;
    for (const Tag& tag : ScanTags(text_)) {
      place_.Feed(std::string_view(text_).substr(from, tag.begin - from));
      from = tag.end;
      Look(tag);
    }
    place_.Feed(std::string_view(text_).substr(from));
    if (!open_.empty()) Add(open_.back().begin, "section « " + open_.back().name + " » non fermée");
    if (html_ && !place_.InText()) {
      Add(text_.size(), "le fichier finit à l’intérieur d’une balise ou d’un commentaire");
    }
    return problems_;
  }

 private:
  void Look(const Tag& tag) {
    switch (tag.kind) {
      case Tag::Kind::kRefused:
        return Add(tag.begin, tag.name);
      case Tag::Kind::kVariable:
        if (html_ && !place_.WhyNoValue().empty()) {
          Add(tag.begin, "{{" + tag.name + "}} : " + place_.WhyNoValue());
        }
        return;
      case Tag::Kind::kPartial:
        if (html_ && !place_.InText()) Add(tag.begin, "une inclusion se place hors des balises");
        return;
      case Tag::Kind::kSection:
      case Tag::Kind::kInverted:
        open_.push_back(tag);
        if (open_.size() > kSectionDepthMax)
          Add(tag.begin, "sections trop imbriquées (32 au plus)");
        return;
      case Tag::Kind::kEnd:
        return Close(tag);
      default:
        return;
    }
  }

  void Close(const Tag& tag) {
    if (open_.empty()) return Add(tag.begin, "{{/" + tag.name + "}} ne ferme aucune section");
    if (open_.back().name != tag.name) {
      Add(tag.begin,
          "{{/" + tag.name + "}} : la section ouverte est « " + open_.back().name + " »");
    }
    open_.pop_back();
  }

  void Add(std::size_t position, std::string message) {
    problems_.push_back({FileOf(name_), LineAt(text_, position), std::move(message)});
  }

  const std::string& name_;
  const std::string& text_;
  const bool html_;
  HtmlPlace place_;
  std::vector<Tag> open_;
  std::vector<TemplateProblem> problems_;
};

class Assembly {
 public:
  Assembly(const std::map<std::string, std::string>& texts, std::vector<TemplateProblem>& problems)
      : texts_(texts), problems_(problems) {}

  // `body` is what `{{> body}}` stands for, "" outside of a frame.
  void Append(const std::string& name, const std::string& body) {
    const std::string& text = texts_.at(name);
    path_.push_back(name);
    std::size_t from = 0;
    for (const Tag& tag : ScanTags(text)) {
      if (tag.kind != Tag::Kind::kPartial && tag.kind != Tag::Kind::kComment) continue;
      const bool whole_line = tag.kind == Tag::Kind::kComment && IsWholeLine(text, tag);
      out.append(text, from, (whole_line ? LineBegin(text, tag.begin) : tag.begin) - from);
      from = whole_line ? std::min(text.size(), text.find('\n', tag.end)) + 1 : tag.end;
      from = std::min(from, text.size());
      if (tag.kind == Tag::Kind::kPartial) Include(name, tag, LineAt(text, tag.begin), body);
      if (out.size() > kAssembledBytesMax) break;
    }
    out.append(text, std::min(from, text.size()));
    path_.pop_back();
  }

  std::string out;

 private:
  void Include(const std::string& name, const Tag& tag, int line, const std::string& body) {
    const bool is_body = tag.name == "body" && !body.empty();
    const std::string target = is_body ? body : tag.name + EndOf(name);
    const auto add = [&](const std::string& message) {
      problems_.push_back({FileOf(name), line, "{{> " + tag.name + "}} : " + message});
    };
    if (texts_.count(target) == 0) return add("« " + FileOf(target) + " » n’existe pas");
    if (path_.size() > kInclusionDepthMax) return add("inclusions trop profondes (16 au plus)");
    if (std::count(path_.begin(), path_.end(), target) > 0) return add("s’inclut soi-même");
    if (out.size() > kAssembledBytesMax) return add("modèle trop grand une fois assemblé (1 Mio)");
    Append(target, is_body ? "" : body);
    // The line of the tag has its own end: the included text's last one would double it.
    if (!out.empty() && out.back() == '\n') out.pop_back();
  }

  static std::size_t LineBegin(const std::string& text, std::size_t position) {
    const std::size_t newline = position == 0 ? std::string::npos : text.rfind('\n', position - 1);
    return newline == std::string::npos ? 0 : newline + 1;
  }
  static bool IsWholeLine(const std::string& text, const Tag& tag) {
    const std::size_t begin = LineBegin(text, tag.begin);
    const std::size_t end = std::min(text.size(), text.find('\n', tag.end));
    const std::string_view view(text);
    return Trim(view.substr(begin, tag.begin - begin)).empty() &&
           Trim(view.substr(tag.end, end - tag.end)).empty();
  }

  const std::map<std::string, std::string>& texts_;
  std::vector<TemplateProblem>& problems_;
  std::vector<std::string> path_;
};

}  // namespace

std::vector<Tag> ScanTags(std::string_view text) {
  std::vector<Tag> tags;
  std::size_t at = 0;
  while ((at = text.find("{{", at)) != std::string_view::npos) {
    const std::size_t close = text.find("}}", at + 2);
    if (close == std::string_view::npos) {
      tags.push_back({Tag::Kind::kRefused, "balise jamais fermée", at, text.size()});
      break;
    }
    Tag tag = ReadTag(text.substr(at + 2, close - at - 2));
    tag.begin = at;
    tag.end = at = close + 2;
    tags.push_back(std::move(tag));
  }
  return tags;
}

std::vector<TemplateProblem> CheckSource(const std::string& name, const std::string& text) {
  return SourceCheck(name, text).Run();
}

std::string Assemble(const std::map<std::string, std::string>& texts, const std::string& name,
                     const TemplateOptions& options, std::vector<TemplateProblem>& problems) {
  Assembly assembly(texts, problems);
  const std::string frame = options.layout + EndOf(name);
  if (!options.layout.empty() && texts.count(frame) > 0) {
    assembly.Append(frame, name);
  } else {
    assembly.Append(name, "");
  }
  return std::move(assembly.out);
}

std::vector<NameNode> NameTree(std::string_view assembled) {
  std::vector<NameNode> roots;
  // Indexes rather than pointers: siblings move while a section is open.
  std::vector<std::size_t> path;
  const auto here = [&]() -> std::vector<NameNode>& {
    std::vector<NameNode>* nodes = &roots;
    for (std::size_t index : path) nodes = &(*nodes)[index].children;
    return *nodes;
  };
  for (const Tag& tag : ScanTags(assembled)) {
    if (tag.kind == Tag::Kind::kVariable) {
      here().push_back({tag.name, false, false, {}});
    } else if (tag.kind == Tag::Kind::kSection || tag.kind == Tag::Kind::kInverted) {
      std::vector<NameNode>& nodes = here();
      nodes.push_back({tag.name, true, tag.kind == Tag::Kind::kInverted, {}});
      path.push_back(nodes.size() - 1);
    } else if (tag.kind == Tag::Kind::kEnd && !path.empty()) {
      path.pop_back();
    }
  }
  return roots;
}

int LineAt(std::string_view text, std::size_t position) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(position, text.size()));
  return 1 + static_cast<int>(std::count(text.begin(), end, '\n'));
}

}  // namespace aiguillage::notifications
